/**
 * Substrings of text that comes from outside. Where text and needle are made for it a search takes steps in the number of both, so it
 * goes slice by slice.
 */
import type { Turn } from '#engine/net/turn.ts';

const SLICE = 16 * 1024;

/** `text.includes(needle)`, in turns with others. */
export async function contains(text: string, needle: string, turn: Turn): Promise<boolean> {
  for (let at = 0; at + needle.length <= text.length; at += SLICE) {
    if (text.slice(at, at + SLICE + needle.length).includes(needle)) return true;
    await turn.giveWay();
  }
  return false;
}
