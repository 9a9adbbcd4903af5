import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import type { Actor } from '../actor/actor.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import type { Context } from '../operation.ts';
import { updateSetting } from '../settings/update-setting.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { outcomeOf } from '../testing/refusal.ts';
import { checkRules } from './check-rules.ts';
import { defaultRules } from './default-rules.ts';
import { exportRules } from './export-rules.ts';
import { getRules } from './get-rules.ts';
import { listVersions } from './list-versions.ts';
import { restoreVersion } from './restore-version.ts';
import { saveRules } from './save-rules.ts';
import { testRules } from './test-rules.ts';

let database: TestDatabase;
let db: PrismaClient;
let context: Context;
const clock = createManualClock();
const ADMIN: Actor = { kind: 'admin', operatorId: 1n, label: 'root@host.test' };

beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 4);
  context = { db, actor: ADMIN, now: clock.now, ip: '198.51.100.9' };
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

describe('saving', () => {
  test('keeps comments, and what was there before in the history', async () => {
    expect(await getRules(context, { service: 'pop3' })).toMatchObject({ version: null, text: defaultRules('pop3') });
    const text = '# mine\n10.:allow\n';
    const first = await saveRules(context, { service: 'pop3', text: text.replaceAll('\n', '\r\n'), basedOn: null });
    expect(first).toMatchObject({ text, saved: { by: 'root@host.test', at: clock.now().toISOString() } });
    await saveRules(context, { service: 'pop3', text: ':allow', basedOn: first.version });
    const versions = await listVersions(context, { service: 'pop3' });
    expect(versions.map((version) => version.text)).toEqual([':allow', text]);
    await restoreVersion(context, { service: 'pop3', version: first.version });
    expect((await getRules(context, { service: 'pop3' })).text).toBe(text);
    await restoreVersion(context, { service: 'pop3', version: null });
    expect((await getRules(context, { service: 'pop3' })).text).toBe(defaultRules('pop3'));
    expect((await getRules(context, { service: 'imap' })).version).toBeNull();
  });

  test('is refused where somebody else saved meanwhile, or where two save at once', async () => {
    const { version } = await saveRules(context, { service: 'imap', text: ':allow' });
    const save = (text: string) => outcomeOf(saveRules(context, { service: 'imap', text, basedOn: version }));
    expect((await Promise.all([save('1.:deny\n:allow'), save('2.:deny\n:allow')])).toSorted()).toEqual([
      'conflict',
      'done',
    ]);
    expect(await save(':allow')).toBe('conflict');
  });

  test('is refused with the place where a line is wrong', async () => {
    await expect(saveRules(context, { service: 'smtp', text: ':allow\n1.2.3.4:permit' })).rejects.toMatchObject({
      code: 'invalid',
      fields: { text: 'Line 2, column 9: After the colon comes “allow” or “deny”.' },
    });
  });

  test.each([
    ['imap', ':deny', 'Line 1, column 1: Webmail connects from 127.0.0.1, which this line denies.'],
    ['submission', '::/0:deny', 'Line 1, column 1: Webmail connects from ::1, which this line denies.'],
    ['smtp', '\n198.51.:deny', 'Line 2, column 1: You are at 198.51.100.9, which this line denies.'],
  ] as const)('%s rules that shut out who must get in need insisting: %s', async (service, text, message) => {
    await expect(saveRules(context, { service, text })).rejects.toMatchObject({
      code: 'conflict',
      message: `${message} Save anyway only if you mean it.`,
    });
    expect(await outcomeOf(saveRules(context, { service, text, force: true }))).toBe('done');
    await restoreVersion(context, { service, version: null });
  });

  test('fifty versions are kept', async () => {
    for (let index = 0; index < 52; index += 1) await saveRules(context, { service: 'pop3', text: `# ${index}\n` });
    const versions = await listVersions(context, { service: 'pop3' });
    expect(versions).toHaveLength(50);
    expect(versions[0]?.text).toBe('# 51\n');
  });
});

describe('checking', () => {
  const warningsOf = async (text: string, service: 'smtp' | 'imap' = 'smtp') => {
    const { errors, warnings } = await checkRules({ ...context, ip: '203.0.113.1' }, { service, text });
    expect(errors).toEqual([]);
    return warnings.map(({ line, message }) => `${line} ${message}`);
  };

  test.each([
    ['no rule', '1 This line has no colon and does nothing: a rule is written ADDRESS:allow or ADDRESS:deny.'],
    ['joe@1.2.3.4:allow', '1 Never hits: clients are not asked for user names (ident).'],
    ['=.example:allow', '1 Never hits as things are: “Names of clients” is off in the settings.'],
    ['10.0:deny', '1 Never hits: “10.0” is no address. A prefix ends with a dot (192.0.2.), a name begins with “=”.'],
    ['010.:deny', '1 Never hits: “010.” is no address. A prefix ends with a dot (192.0.2.), a name begins with “=”.'],
    ['1.2.3.9-3:deny', '1 Does nothing: this range is empty.'],
    ['1.2.3.9-300:deny', '1 The range ends at 255.'],
    ['::ffff:192.0.2.1:deny', '1 Never hits: such clients have their IPv4 address here.'],
    ['10.:allow\n10.0.0.0/8:deny', '2 Does nothing: line 1 already decides this address.'],
    ['2001:db8::/32:allow\n[2001:DB8::]/32:deny', '2 Does nothing: line 1 already decides this address.'],
    ['10.:deny,RELAYCLIENT=""', '1 Variables of “deny” do nothing.'],
    ['10.:allow,DATABYTES="lots"', '1 DATABYTES is not set: its value is no number.'],
  ])('%j is warned of', async (text, warning) => {
    expect(await warningsOf(text)).toEqual([warning]);
  });

  test('what is meant has no warning', async () => {
    const text = `# a comment\n\n${defaultRules('smtp')}10.1-3.:allow,RELAYCLIENT="",DATABYTES="1000",FOO="x"\n192.0.2.0/23:deny\n`;
    expect(await warningsOf(text)).toEqual([]);
    await updateSetting(context, { key: 'connections.reverseLookup', value: 'confirmed' });
    expect(await warningsOf('=mail.example:allow\n=.example:allow\n=:deny')).toEqual([]);
    expect(await warningsOf('=Mail.example:allow')).toEqual(['1 Never hits: names are compared in lower case.']);
    await updateSetting(context, { key: 'connections.reverseLookup', value: null });
  });
});

describe('the tester', () => {
  const text =
    '# who\n192.0.2.7:deny\n192.0.:allow,RELAYCLIENT="",RBLSMTPD="-go away",TARPITCOUNT="x",WHO="us"\n=.example:deny';

  test('tells the line that hits and what its variables do', async () => {
    const draft = { service: 'smtp', text } as const;
    expect(await testRules(context, { ...draft, address: '192.0.2.7' })).toMatchObject({
      allow: false,
      decidedBy: 'rule',
      rule: { line: 2, text: '192.0.2.7:deny' },
      variables: [],
    });
    const allowed = await testRules(context, { ...draft, address: '::ffff:192.0.3.1' });
    expect(allowed).toMatchObject({ address: '192.0.3.1', allow: true, decidedBy: 'rule', rule: { line: 3 } });
    expect(allowed.variables.map(({ name, meaning }) => [name, meaning])).toEqual([
      ['RELAYCLIENT', 'May send mail to any domain without signing in.'],
      ['RBLSMTPD', 'All mail is refused for good: 553 go away'],
      ['TARPITCOUNT', 'Does nothing: this is no number.'],
      ['WHO', "Recorded in the trace of this client's messages."],
    ]);
    expect(await testRules(context, { ...draft, address: '203.0.113.1', hostname: 'A.Example.' })).toMatchObject({
      allow: false,
      rule: { line: 4 },
    });
    expect(await testRules(context, { ...draft, address: '203.0.113.1' })).toMatchObject({
      allow: true,
      decidedBy: 'nothing',
      rule: null,
    });
  });

  test('asks the saved rules where no draft is given', async () => {
    expect(await testRules(context, { service: 'smtp', address: '192.0.2.7' })).toMatchObject({
      allow: true,
      rule: { text: ':allow' },
    });
    expect(await outcomeOf(testRules(context, { service: 'smtp', address: '192.0.2' }))).toBe('invalid');
  });
});

test('the export is a cdb, and says what it has no place for', async () => {
  const { cdb: base64, leftOut } = await exportRules(context, { service: 'submission' });
  const cdb = Buffer.from(base64, 'base64');
  expect(cdb.includes('127.0.0.1')).toBe(true);
  expect(cdb.length).toBe(2048 + 8 + '127.0.0.1'.length + 8 + 2 * 16);
  expect(leftOut).toEqual([4]);
});
