/** What STORE does to the flags of one message. Pure. Keywords are compared without case and kept as first spelt. */
import type { FlagChange, MessageEntry } from '../types.ts';

const KEYWORDS_PER_MESSAGE = 100;

function withoutAny(keywords: readonly string[], removed: readonly string[]): string[] {
  const gone = new Set(removed.map((keyword) => keyword.toLowerCase()));
  return keywords.filter((keyword) => !gone.has(keyword.toLowerCase()));
}

/** In their order, each once, bounded. */
export function distinctKeywords(keywords: readonly string[]): string[] {
  const seen = new Map<string, string>();
  for (const keyword of keywords) if (!seen.has(keyword.toLowerCase())) seen.set(keyword.toLowerCase(), keyword);
  return [...seen.values()].slice(0, KEYWORDS_PER_MESSAGE);
}

function nextKeywords(current: readonly string[], change: FlagChange): readonly string[] {
  if (change.mode === 'remove') return change.keywords.length > 0 ? withoutAny(current, change.keywords) : current;
  if (change.mode === 'add')
    return change.keywords.length > 0 ? distinctKeywords([...current, ...change.keywords]) : current;
  const spelt = new Map(current.map((keyword) => [keyword.toLowerCase(), keyword]));
  return distinctKeywords(change.keywords).map((keyword) => spelt.get(keyword.toLowerCase()) ?? keyword);
}

function sameKeywords(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((keyword) => b.includes(keyword));
}

/** The message's flags afterwards, or undefined where nothing changes. */
export function changeFlags(
  entry: MessageEntry,
  change: FlagChange,
): { flags: number; keywords: readonly string[] } | undefined {
  const current = entry.flags;
  const given = change.flags;
  const flags = change.mode === 'add' ? current | given : change.mode === 'remove' ? current & ~given : given;
  const keywords = nextKeywords(entry.keywords, change);
  if (flags === current && sameKeywords(keywords, entry.keywords)) return undefined;
  return { flags, keywords };
}
