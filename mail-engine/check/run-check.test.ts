import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { append, deliver, openTestStore, type TestStore } from '#engine/store/testing/open-test-store.ts';
import { sweepBlobs } from '#engine/upkeep/sweep-blobs.ts';
import { expectClean, runCheck } from './run-check.ts';

let t: TestStore;
let accountId: number;
beforeAll(async () => {
  t = await openTestStore(inject('clusterUrl'));
  const account = await t.createAccount('check@check.example');
  accountId = account.accountId;
  await append(t.store, accountId, 'Sent', 'X: 1\r\n\r\nbody\r\n');
  await deliver(
    t.intake,
    [
      { kind: 'local', ...account, address: 'check@check.example' },
      { kind: 'remote', address: 'x@far.example', destination: 'far.example' },
    ],
    'X: 2\r\n\r\nbody\r\n',
  );
});
afterAll(() => t.close());

/** Breaks what foreign keys would otherwise protect. */
async function damage(statement: string): Promise<void> {
  const client = await t.pool.connect();
  await client.query(`BEGIN; SET LOCAL session_replication_role = replica; ${statement}; COMMIT`);
  client.release();
}

const REPAIRABLE: [rule: RegExp, damage: string][] = [
  [/below its folder’s uid_next/, 'UPDATE folder SET uid_next = 1 WHERE "exists" > 0'],
  [/highest_modseq/, 'UPDATE message SET modseq = modseq + 100'],
  [/counters/, 'UPDATE folder SET unseen = unseen + 1'],
  [/usage is that/, 'UPDATE account_usage SET size_bytes = size_bytes + 1'],
  [/without usage/, 'DELETE FROM account_usage'],
  [/size is its prefix/, 'UPDATE message SET size = size + 1'],
  [
    /both there and removed/,
    'INSERT INTO expunged (account_id, folder_id, uid, modseq) SELECT account_id, folder_id, uid, modseq FROM message',
  ],
  [/chunk has its blob/, `INSERT INTO blob_chunk (blob_id, seq, data) VALUES (999999, 0, 'x')`],
  [/pending blob/, `INSERT INTO blob (ready, created_at) VALUES (false, now() - interval '2 days')`],
  [/without a referrer/, `INSERT INTO blob (ready, created_at, size) VALUES (true, now() - interval '2 days', 0)`],
  [/uid_validity/, 'UPDATE account_usage SET uid_validity = 0'],
];

test.each(REPAIRABLE)('%s is found and repaired', async (rule, statement) => {
  await expectClean(t.pool);
  await damage(statement);
  const findings = await runCheck(t.pool, { repair: false });
  expect(findings.some((finding) => rule.test(finding.rule))).toBe(true);
  const repaired = await runCheck(t.pool, { repair: true });
  expect(repaired.filter((finding) => rule.test(finding.rule)).every((finding) => finding.repaired)).toBe(true);
  await runCheck(t.pool, { repair: true }); // what followed from what was repaired
  if (/without a referrer/.test(rule.source)) expect(await sweepBlobs(t.pool)).toBe(1);
  await expectClean(t.pool);
});

const REPORTED: [rule: RegExp, damage: string, undo: string][] = [
  [
    /message is in a folder/,
    'UPDATE message SET folder_id = folder_id + 100000',
    'UPDATE message SET folder_id = folder_id - 100000',
  ],
  [
    /message has its bytes/,
    'UPDATE message SET blob_id = blob_id + 100000',
    'UPDATE message SET blob_id = blob_id - 100000',
  ],
  [/chunks are as many/, 'UPDATE blob SET size = size + 1', 'UPDATE blob SET size = size - 1'],
  [
    /hash/,
    `UPDATE blob SET sha256 = set_byte(sha256, 0, get_byte(sha256, 0) # 1)`,
    `UPDATE blob SET sha256 = set_byte(sha256, 0, get_byte(sha256, 0) # 1)`,
  ],
  [
    /queued message/,
    'UPDATE queue_message SET blob_id = blob_id + 100000',
    'UPDATE queue_message SET blob_id = blob_id - 100000',
  ],
  [
    /queue entry has its message/,
    'UPDATE queue_entry SET message_id = message_id + 100000',
    'UPDATE queue_entry SET message_id = message_id - 100000',
  ],
];

test.each(REPORTED)('%s is reported', async (rule, statement, undo) => {
  await damage(statement);
  const findings = await runCheck(t.pool, { repair: false, deep: true });
  const finding = findings.find((found) => rule.test(found.rule));
  expect(finding).toMatchObject({ repaired: false });
  expect(finding!.count).toBeGreaterThan(0);
  expect(finding!.subjects[0]).toMatch(/\d/);
  await damage(undo);
  await expectClean(t.pool);
});
