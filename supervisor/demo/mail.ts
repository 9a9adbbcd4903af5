/** Fills the demo's mailboxes through the mail store, as if the mail had come over the past year. */
import { createStore } from '#engine/store/create-store.ts';
import { Flag, type Store } from '#engine/store/types.ts';
import { demoMessages } from '#prisma/seeds/demo-messages.ts';
import type { DemoMessage } from '#prisma/seeds/types.ts';
import { createPool } from '#server/database/pool.ts';
import type { DemoMailbox } from './hosting.ts';

async function append(store: Store, accountId: number, message: DemoMessage): Promise<void> {
  const flags = message.flags.reduce((bits, name) => bits | Flag[name], 0);
  const { bytes, date: internalDate } = message;
  const options = { flags, keywords: [], internalDate, sizeBytes: bytes.length };
  const writer = await store.append(accountId, message.folder, options);
  await writer.write(bytes);
  await writer.commit();
}

async function fillMailbox(store: Store, { accountId, seed }: DemoMailbox): Promise<number> {
  const messages = [...demoMessages(seed, { now: new Date() })];
  const folders = new Set((await store.listFolders(accountId)).map((folder) => folder.name));
  for (const folder of new Set(messages.map((message) => message.folder))) {
    if (!folders.has(folder)) await store.transact(accountId, (tx) => tx.createFolder(folder));
  }
  for (const message of messages) await append(store, accountId, message);
  return messages.length;
}

/** Returns how many messages were put in place. */
export async function fillDemoMail(databaseUrl: string, mailboxes: readonly DemoMailbox[]): Promise<number> {
  const pool = createPool({ connectionString: databaseUrl, max: 4 });
  const store = await createStore({ pool, listenUrl: databaseUrl });
  try {
    const counts = await Promise.all(mailboxes.map((mailbox) => fillMailbox(store, mailbox)));
    return counts.reduce((sum, count) => sum + count, 0);
  } finally {
    await store.close();
    await pool.end();
  }
}
