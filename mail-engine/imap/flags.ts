/** Flags between the wire's names and the store's bits. */
import { Flag, type MessageEntry } from '#engine/store/types.ts';
import { SYSTEM_FLAGS, type SystemFlag } from '#engine/wire/imap/flag.ts';

const BITS: Readonly<Record<SystemFlag, number>> = {
  '\\Answered': Flag.answered,
  '\\Flagged': Flag.flagged,
  '\\Deleted': Flag.deleted,
  '\\Seen': Flag.seen,
  '\\Draft': Flag.draft,
};

export function flagBit(flag: SystemFlag): number {
  return BITS[flag];
}

export function flagBits(flags: readonly SystemFlag[]): number {
  return flags.reduce((bits, flag) => bits | BITS[flag], 0);
}

/** `(\Seen $Forwarded)` */
export function formatFlags(entry: Pick<MessageEntry, 'flags' | 'keywords'>): string {
  const system = SYSTEM_FLAGS.filter((flag) => (entry.flags & BITS[flag]) !== 0);
  return `(${[...system, ...entry.keywords].join(' ')})`;
}
