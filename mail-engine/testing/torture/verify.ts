/** Holds a ledger against what IMAP shows: nothing acknowledged is missing, nothing is there twice. */
import { ImapFlow } from 'imapflow';
import type { Ledger } from './ledger-client.ts';

export interface Verdict {
  acknowledged: number;
  inDoubt: number;
  found: number;
  /** `id recipient` of copies that were acknowledged and are not there: must be empty. */
  lost: string[];
  /** Copies that are there more than once: must be empty. */
  twice: string[];
  /** Copies there that were neither acknowledged nor in doubt: must be empty. */
  unexpected: string[];
}

/** Subjects (the ids) in one mailbox's INBOX, with how often each occurs. */
async function readIds(port: number, user: string, pass: string): Promise<Map<string, number>> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port,
    secure: true,
    auth: { user, pass },
    logger: false,
    tls: { rejectUnauthorized: false },
  });
  await client.connect();
  const ids = new Map<string, number>();
  const lock = await client.getMailboxLock('INBOX');
  try {
    if (client.mailbox && client.mailbox.exists > 0) {
      for await (const { envelope } of client.fetch('1:*', { envelope: true })) {
        const id = envelope?.subject ?? '';
        ids.set(id, (ids.get(id) ?? 0) + 1);
      }
    }
  } finally {
    lock.release();
    await client.logout();
  }
  return ids;
}

export async function verifyLedger(
  ledger: Ledger,
  imapsPort: number,
  people: readonly string[],
  password: string,
): Promise<Verdict> {
  const verdict: Verdict = {
    acknowledged: ledger.acknowledged.size,
    inDoubt: ledger.inDoubt.size,
    found: 0,
    lost: [],
    twice: [],
    unexpected: [],
  };
  const inboxes = new Map<string, Map<string, number>>();
  for (const address of people) inboxes.set(address, await readIds(imapsPort, address, password));
  for (const [id, recipients] of ledger.acknowledged) {
    for (const recipient of recipients) if (!inboxes.get(recipient)?.has(id)) verdict.lost.push(`${id} ${recipient}`);
  }
  for (const [address, ids] of inboxes) {
    for (const [id, count] of ids) {
      verdict.found += count;
      if (count > 1) verdict.twice.push(`${id} ${address}`);
      if (!ledger.acknowledged.has(id) && !ledger.inDoubt.has(id)) verdict.unexpected.push(`${id} ${address}`);
    }
  }
  return verdict;
}
