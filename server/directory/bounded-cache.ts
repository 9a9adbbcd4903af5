/**
 * Answers in memory, at most `maxEntries`, least recently used out first. Answers that anybody can bring about in any number (names
 * that do not exist, made-up extensions) have a small place of their own, so that guessing never pushes out what is used.
 *
 * Emptied as a whole: an answer whose question was asked before the last `clear` or `disable` is handed to who asked and never
 * kept, because it may be older than what was changed. A question under way is asked once, unless it was asked before that.
 */
export interface BoundedCache<Value> {
  /** At once where it is known. */
  get(key: string, load: () => Promise<Value>): Value | Promise<Value>;
  clear(): void;
  /** Nothing is kept until `enable`. */
  disable(): void;
  enable(): void;
}

interface BoundedCacheOptions<Value> {
  maxEntries: number;
  /** Answers kept apart, and how many of them. */
  isMinor?: (value: Value) => boolean;
  maxMinor?: number;
}

type Shelf<Value> = Map<string, { value: Value }>;

/** What goes first matters only once there is little room left. */
function take<Value>(shelf: Shelf<Value>, key: string, maxEntries: number): { value: Value } | undefined {
  const hit = shelf.get(key);
  if (hit && shelf.size > maxEntries / 2) {
    shelf.delete(key);
    shelf.set(key, hit);
  }
  return hit;
}

function put<Value>(shelf: Shelf<Value>, key: string, value: Value, maxEntries: number): void {
  shelf.set(key, { value });
  if (shelf.size <= maxEntries) return;
  const [oldest] = shelf.keys();
  if (oldest !== undefined) shelf.delete(oldest);
}

export function createBoundedCache<Value>(options: BoundedCacheOptions<Value>): BoundedCache<Value> {
  const { maxEntries, isMinor = () => false, maxMinor = 0 } = options;
  const major: Shelf<Value> = new Map();
  const minor: Shelf<Value> = new Map();
  const underWay = new Map<string, Promise<Value>>();
  let generation = 0;
  let enabled = false;

  const clear = (): void => {
    generation += 1;
    major.clear();
    minor.clear();
    underWay.clear();
  };
  const keep = (key: string, value: Value): void => {
    if (isMinor(value)) put(minor, key, value, maxMinor);
    else put(major, key, value, maxEntries);
  };
  const ask = async (key: string, load: () => Promise<Value>): Promise<Value> => {
    const askedIn = generation;
    try {
      const value = await load();
      if (enabled && askedIn === generation) keep(key, value);
      return value;
    } finally {
      if (askedIn === generation) underWay.delete(key);
    }
  };
  const get = (key: string, load: () => Promise<Value>): Value | Promise<Value> => {
    const hit = take(major, key, maxEntries) ?? take(minor, key, maxMinor);
    if (hit) return hit.value;
    const asked = underWay.get(key);
    if (asked !== undefined) return asked;
    const asking = ask(key, load);
    if (enabled) underWay.set(key, asking);
    return asking;
  };
  return {
    get,
    clear,
    disable: () => {
      enabled = false;
      clear();
    },
    enable: () => {
      clear();
      enabled = true;
    },
  };
}
