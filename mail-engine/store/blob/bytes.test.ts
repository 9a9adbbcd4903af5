import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { append, deliver, openTestStore, readMessage, type TestStore } from '../testing/open-test-store.ts';
import { CHUNK_BYTES } from './chunk-filler.ts';

const CORPUS = join(import.meta.dirname, '../../../../shared/corpora/mime');

let t: TestStore;
let accountId: number;
let domainId: number;
let sentId: number;
beforeAll(async () => {
  t = await openTestStore(inject('clusterUrl'));
  ({ accountId, domainId } = await t.createAccount('bytes@blob.example'));
  sentId = (await t.store.findFolder(accountId, 'Sent'))!.id;
});
afterAll(() => t.close());

async function corpusFiles(): Promise<string[]> {
  const entries = await readdir(CORPUS, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('every message of the corpus is read back byte for byte, whole and by part', async () => {
  const files = await corpusFiles();
  expect(files.length).toBeGreaterThan(100);
  const sources = new Map<number, Buffer>();
  for (const file of files) {
    const source = await readFile(file);
    const { uid } = await append(t.store, accountId, 'Sent', source);
    sources.set(uid, source);
  }
  const uids = [...sources.keys()];
  let read = 0;
  for await (const reader of t.store.openMessages(accountId, sentId, uids)) {
    const source = sources.get(reader.uid)!;
    expect(reader.size).toBe(source.length);
    expect((await reader.read(0, reader.size)).equals(source)).toBe(true);
    expect(reader.structure.end).toBeLessThanOrEqual(source.length);
    read += 1;
  }
  expect(read).toBe(files.length);
});

test('ranges across the prefix and chunks are slices of the whole, read or streamed', async () => {
  const source = Buffer.concat([Buffer.from('Subject: large\r\n\r\n'), randomBytes(3 * CHUNK_BYTES + 777)]);
  await deliver(t.intake, [{ kind: 'local', accountId, domainId, address: 'bytes@blob.example' }], source);
  const inbox = (await t.store.findFolder(accountId, 'INBOX'))!;
  for await (const reader of t.store.openMessages(accountId, inbox.id, [inbox.uidNext - 1])) {
    const whole = await reader.read(0, reader.size);
    expect(whole.subarray(reader.prefixSize).equals(source)).toBe(true);
    const edges = [0, 1, reader.prefixSize - 1, reader.prefixSize, reader.prefixSize + CHUNK_BYTES - 1];
    edges.push(
      reader.prefixSize + CHUNK_BYTES,
      reader.prefixSize + 2 * CHUNK_BYTES + 5,
      reader.size - 1,
      reader.size,
      reader.size + 10,
    );
    for (const start of edges) {
      for (const end of edges) {
        const expected = whole.subarray(start, Math.max(start, end));
        expect((await reader.read(start, end)).equals(expected)).toBe(true);
        const streamed = [];
        for await (const piece of reader.stream(start, end)) streamed.push(piece);
        expect(Buffer.concat(streamed).equals(expected)).toBe(true);
        expect(streamed.every((piece) => piece.length <= CHUNK_BYTES)).toBe(true);
      }
    }
  }
});

test('a large message goes to the database as it arrives, and only what is committed stays', async () => {
  const writer = await t.store.append(accountId, 'Sent', {
    flags: 0,
    keywords: [],
    internalDate: new Date(),
    sizeBytes: 9e6,
  });
  const hash = createHash('sha256');
  const pending = async (): Promise<number> => {
    const { rows } = await t.pool.query<{ n: number }>(
      'SELECT count(*)::int AS n FROM blob_chunk c JOIN blob b ON b.id = c.blob_id WHERE NOT b.ready',
    );
    return rows[0]!.n;
  };
  for (let sent = 0; sent < 9_000_000; sent += 100_000) {
    const bytes = randomBytes(100_000);
    hash.update(bytes);
    await writer.write(bytes);
    const written = sent + 100_000;
    if (written > 2_000_000) expect(await pending()).toBeGreaterThanOrEqual(Math.floor(written / CHUNK_BYTES) - 2);
  }
  const { uid } = await writer.commit();
  expect(await pending()).toBe(0);
  const bytes = await readMessage(t.store, accountId, sentId, uid);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(hash.digest('hex'));

  const aborted = await t.store.append(accountId, 'Sent', {
    flags: 0,
    keywords: [],
    internalDate: new Date(),
    sizeBytes: 9e6,
  });
  for (let at = 0; at < 30; at++) await aborted.write(randomBytes(100_000));
  expect(await pending()).toBeGreaterThan(5);
  await aborted.abort();
  expect(await pending()).toBe(0);
});

test('a message of exactly a chunk, of one byte more, and an empty one', async () => {
  for (const size of [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 4 * CHUNK_BYTES, 4 * CHUNK_BYTES + 1]) {
    const source = randomBytes(size);
    const { uid } = await append(t.store, accountId, 'Sent', source);
    expect((await readMessage(t.store, accountId, sentId, uid)).equals(source)).toBe(true);
  }
});

test('one message to many accounts is one blob, and COPY and MOVE never write bytes', async () => {
  const many = await Promise.all(Array.from({ length: 20 }, (_, at) => t.createAccount(`list${at}@blob.example`)));
  const recipients = many.map((account, at) => ({
    kind: 'local' as const,
    ...account,
    address: `list${at}@blob.example`,
  }));
  const { blobId, stored } = await deliver(t.intake, recipients, 'Subject: list\r\n\r\nto all\r\n');
  expect(stored).toBe(20);
  const chunks = async () =>
    (await t.pool.query('SELECT count(*)::int AS n, max(ctid::text) AS last FROM blob_chunk')).rows[0];
  const before = await chunks();
  const first = many[0]!.accountId;
  const inbox = (await t.store.findFolder(first, 'INBOX'))!;
  await t.store.transact(first, (tx) => tx.copy(inbox.id, [1], 'Archive'));
  await t.store.transact(first, (tx) => tx.move(inbox.id, [1], 'Trash'));
  expect(await chunks()).toEqual(before);
  const { rows } = await t.pool.query('SELECT count(*)::int AS n FROM message WHERE blob_id = $1', [blobId]);
  expect(rows[0]).toEqual({ n: 21 });
});
