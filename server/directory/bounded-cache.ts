/**
 * Answers in memory, at most `maxEntries`, least recently used out first. Emptied as a whole: an answer whose question was asked
 * before the last `clear` or `disable` is handed to who asked and never kept, because it may be older than what was changed.
 */
export interface BoundedCache<Value> {
  get(key: string, load: () => Promise<Value>): Promise<Value>;
  clear(): void;
  /** Nothing is kept until `enable`. */
  disable(): void;
  enable(): void;
}

export function createBoundedCache<Value>(maxEntries: number): BoundedCache<Value> {
  const entries = new Map<string, { value: Value }>();
  let generation = 0;
  let enabled = false;

  const clear = (): void => {
    generation += 1;
    entries.clear();
  };
  const keep = (key: string, value: Value): void => {
    entries.set(key, { value });
    if (entries.size <= maxEntries) return;
    const [oldest] = entries.keys();
    if (oldest !== undefined) entries.delete(oldest);
  };
  const get = async (key: string, load: () => Promise<Value>): Promise<Value> => {
    const hit = entries.get(key);
    if (hit) {
      entries.delete(key);
      entries.set(key, hit);
      return hit.value;
    }
    const askedIn = generation;
    const value = await load();
    if (enabled && askedIn === generation) keep(key, value);
    return value;
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
