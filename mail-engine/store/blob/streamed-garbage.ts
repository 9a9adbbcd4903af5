/**
 * Bytes of long messages pass through buffers outside V8's heap, which V8 lets pile up: the engine's flags make it patient, for the sake of
 * small mail (`mail-engine/process/launch.ts`). So after every so many bytes that went to the database a collection is asked for, which
 * keeps the process's memory bounded by what is under way. Without `--expose-gc` nothing is asked for.
 */
const COLLECT_AFTER_BYTES = 16 * 1024 * 1024;

export interface StreamedGarbage {
  add(bytes: number): void;
}

export function createStreamedGarbage(collect = globalThis.gc): StreamedGarbage {
  let streamed = 0;
  return {
    add: (bytes) => {
      streamed += bytes;
      if (streamed < COLLECT_AFTER_BYTES) return;
      streamed = 0;
      void collect?.({ type: 'major', execution: 'async' }); // never rejects
    },
  };
}
