/**
 * DNS block and allow lists (RFC 5782). All lists are asked at once; an allow list that has the client overrules every block list.
 * Fails open: a list that does not answer in time, or not as a list does, says nothing.
 */

import { isPublicAddress } from '#engine/dns/public-address.ts';
import type { DnsAnswer, DnsResolver } from '#engine/dns/types.ts';
import type { Clock } from '#engine/queue/clock.ts';
import { logger } from '#server/logger.ts';
import { listName } from './list-name.ts';

const log = logger('smtp');

export interface BlockListSettings {
  block: readonly string[];
  allow: readonly string[];
  /** Listed clients are refused for good, not for now. */
  isFinal: boolean;
}

/** Where a client is listed, and what the list says of it. */
interface Listing {
  zone: string;
  text: string;
}

export interface BlockLists {
  readonly isFinal: boolean;
  /** Null for a client that is on no list, or on an allow list. */
  find(address: string): Promise<Listing | null>;
}

export interface BlockListOptions {
  resolver: Pick<DnsResolver, 'resolveAddresses' | 'resolveText'>;
  settings: () => BlockListSettings;
  clock: Pick<Clock, 'setTimer'>;
  /** All questions about a client together. */
  timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;
const MAX_TEXT_CHARS = 200;

/** RFC 5782 §2.1: entries are in 127.0.0.0/8; 127.255.255.0/24 is how lists say that they do not answer this resolver. */
function isEntry(address: string): boolean {
  return address.startsWith('127.') && !address.startsWith('127.255.255.');
}

/** What a stranger's TXT record may put into a reply: one line of plain characters. */
function plainText(text: string): string {
  return text
    .replaceAll(/[^\x20-\x7e]/g, ' ')
    .trim()
    .slice(0, MAX_TEXT_CHARS);
}

export function createBlockLists(options: BlockListOptions): BlockLists {
  const { resolver, settings, clock, timeoutMs = TIMEOUT_MS } = options;

  const isListed = async (address: string, zone: string): Promise<boolean> => {
    const name = listName(address, zone);
    if (name === undefined) return false;
    const answer: DnsAnswer<string> = await resolver.resolveAddresses(name, 4);
    if (answer.kind === 'failure') log.warn({ zone, reason: answer.reason }, 'block list did not answer');
    if (answer.kind !== 'records') return false;
    if (answer.records.some(isEntry)) return true;
    log.warn({ zone, answer: answer.records[0] }, 'block list refuses to answer, or is none any more');
    return false;
  };
  const textOf = async (address: string, zone: string): Promise<string> => {
    const answer = await resolver.resolveText(listName(address, zone) ?? '');
    const text = answer.kind === 'records' ? plainText(answer.records[0] ?? '') : '';
    return text === '' ? `${address} is listed by ${zone}` : text;
  };
  const ask = async (
    address: string,
    { block, allow }: Pick<BlockListSettings, 'block' | 'allow'>,
  ): Promise<Listing | null> => {
    const allowed = Promise.all(allow.map((zone) => isListed(address, zone)));
    const blocked = await Promise.all(block.map((zone) => isListed(address, zone)));
    const zone = block[blocked.indexOf(true)];
    if (zone === undefined || (await allowed).includes(true)) return null;
    return { zone, text: await textOf(address, zone) };
  };
  return {
    get isFinal() {
      return settings().isFinal;
    },
    find: async (address) => {
      const lists = settings();
      if (lists.block.length === 0 || !isPublicAddress(address)) return null;
      const late = Promise.withResolvers<null>();
      const cancel = clock.setTimer(timeoutMs, () => late.resolve(null));
      try {
        return await Promise.race([ask(address, lists), late.promise]);
      } finally {
        cancel();
      }
    },
  };
}
