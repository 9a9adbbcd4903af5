/** A clock that moves when a test says so. */
export interface ManualClock {
  now: () => Date;
  advance: (ms: number) => void;
}

export function createManualClock(start = Date.UTC(2030, 0, 1)): ManualClock {
  let at = start;
  return {
    now: () => new Date(at),
    advance: (ms) => {
      at += ms;
    },
  };
}
