/**
 * What nodes tell each other. Payload: `node account:folder,folder account:folder …`, ids in base 36; `node look` when anything may have
 * changed, or the ids would not fit; `node hello` from one that begins to listen.
 */
import type { AccountId, FolderId } from '../types.ts';

export const CHANNEL = 'mailstead_change';
/** PostgreSQL takes payloads shorter than 8000 bytes. */
const PAYLOAD_BYTES = 7_900;

export type Announced = ReadonlyMap<AccountId, ReadonlySet<FolderId>> | 'look' | 'hello';

export interface Announcement {
  node: string;
  what: Announced;
}

export function encodeAnnouncement(node: string, what: Announced): string {
  if (typeof what === 'string') return `${node} ${what}`;
  const parts = [...what].map(
    ([accountId, folders]) => `${accountId.toString(36)}:${[...folders].map((id) => id.toString(36)).join(',')}`,
  );
  const payload = [node, ...parts].join(' ');
  return payload.length < PAYLOAD_BYTES ? payload : `${node} look`;
}

/** What cannot be understood means "look". */
export function decodeAnnouncement(payload: string): Announcement {
  const [node = '', ...parts] = payload.split(' ');
  if (parts[0] === 'hello') return { node, what: 'hello' };
  const accounts = new Map<AccountId, ReadonlySet<FolderId>>();
  for (const part of parts) {
    const match = /^([0-9a-z]+):([0-9a-z,]+)$/.exec(part);
    if (!match?.[1] || !match[2]) return { node, what: 'look' };
    const folders = match[2].split(',').map((id) => Number.parseInt(id, 36));
    accounts.set(Number.parseInt(match[1], 36), new Set(folders));
  }
  return { node, what: accounts };
}
