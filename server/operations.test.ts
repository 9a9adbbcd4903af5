import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import type { Actor, ActorKind } from './actor/actor.ts';
import { OperationError } from './actor/errors.ts';
import { createPrisma, type PrismaClient } from './database/prisma.ts';
import type { Context } from './operation.ts';
import { OPERATIONS } from './operations.ts';
import { certificateFor } from './testing/certificates.ts';
import { contextOf, createReseller, createTenant, OPEN_FROM, PASSWORD, type Tenant } from './testing/tenants.ts';

type Name = (typeof OPERATIONS)[number]['definition']['name'];
type Call = (context: Context, input: unknown) => Promise<unknown>;

const CALLS = new Map<string, Call>(OPERATIONS.map((operation) => [operation.definition.name, operation as never]));
function callOf(name: string): Call {
  const call = CALLS.get(name);
  if (!call) throw new Error(`${name} is not in the catalogue`);
  return call;
}

const A: readonly ActorKind[] = ['admin'];
const AR: readonly ActorKind[] = ['admin', 'reseller'];
const ARD: readonly ActorKind[] = ['admin', 'reseller', 'domain-owner'];
const ALL: readonly ActorKind[] = ['admin', 'reseller', 'domain-owner', 'mailbox-owner'];
const M: readonly ActorKind[] = ['mailbox-owner'];

/** Who may; the system always may. */
const ALLOWED: Readonly<Record<Name, readonly ActorKind[]>> = {
  'dashboard.get': ARD,
  'profile.get': ALL,
  'profile.update': ALL,
  'profile.changePassword': ALL,
  'sessions.list': ALL,
  'sessions.revoke': ALL,
  'sessions.revokeOthers': ALL,
  'appPasswords.create': M,
  'appPasswords.get': ALL,
  'appPasswords.revoke': ALL,
  'appPasswords.require': ALL,
  'operators.create': AR,
  'operators.list': AR,
  'operators.get': AR,
  'operators.update': AR,
  'operators.suspend': AR,
  'operators.resume': AR,
  'operators.delete': AR,
  'operators.restore': AR,
  'operators.createPasswordLink': AR,
  'domains.create': AR,
  'domains.list': ARD,
  'domains.get': ARD,
  'domains.update': AR,
  'domains.suspend': AR,
  'domains.resume': AR,
  'domains.delete': AR,
  'domains.restore': AR,
  'domains.purge': AR,
  'domains.setCatchAll': ARD,
  'accounts.create': ARD,
  'accounts.list': ARD,
  'accounts.get': ALL,
  'accounts.update': ARD,
  'accounts.resetPassword': ARD,
  'accounts.suspend': ARD,
  'accounts.resume': ARD,
  'accounts.delete': ARD,
  'accounts.restore': ARD,
  'accounts.purge': ARD,
  'addresses.create': ARD,
  'addresses.createForward': ARD,
  'addresses.createResponder': ARD,
  'addresses.updateForward': ARD,
  'addresses.updateResponder': ARD,
  'addresses.list': ARD,
  'addresses.update': ARD,
  'addresses.delete': ARD,
  'deleted.list': ARD,
  'queue.list': ARD,
  'queue.summarise': ARD,
  'queue.retry': ARD,
  'queue.hold': ARD,
  'queue.release': ARD,
  'queue.delete': ARD,
  'domains.setPopBeforeSmtp': ARD,
  'accounts.setNoRelay': ARD,
  'accessRules.get': A,
  'accessRules.check': A,
  'accessRules.test': A,
  'accessRules.save': A,
  'accessRules.listVersions': A,
  'accessRules.restore': A,
  'accessRules.export': A,
  'relayOpenings.list': ARD,
  'relayOpenings.revoke': ARD,
  'bans.list': A,
  'bans.create': A,
  'bans.lift': A,
  'bans.restore': A,
  'bans.listAllowed': A,
  'bans.allow': A,
  'bans.disallow': A,
  'sendLimits.get': ARD,
  'sendLimits.update': ARD,
  'heldMail.list': ARD,
  'heldMail.listMessages': ARD,
  'heldMail.release': ARD,
  'heldMail.delete': ARD,
  'sendAs.get': ARD,
  'sendAs.grant': ARD,
  'sendAs.revoke': ARD,
  'certificates.upload': ARD,
  'certificates.list': ARD,
  'certificates.delete': ARD,
  'settings.list': A,
  'settings.update': A,
  'engine.status': A,
  'engine.connections': A,
  'audit.list': ALL,
  'webmail.readPreferences': M,
  'webmail.listSenders': M,
  'webmail.updatePreferences': M,
};

/** Input that names objects of `tenant`; what an operation is given when it is called properly by one who owns them. */
type InputOf = (tenant: Tenant) => unknown;
const NOTHING: InputOf = () => ({});

const INPUTS: Readonly<Record<Name, InputOf>> = {
  'dashboard.get': NOTHING,
  'profile.get': NOTHING,
  'profile.update': () => ({ name: 'Another Name' }),
  'profile.changePassword': () => ({
    currentPassword: PASSWORD,
    newPassword: 'quite another one',
    keepSessionId: randomUUID(),
  }),
  'sessions.list': NOTHING,
  'sessions.revoke': ({ sessionId }) => ({ id: sessionId }),
  'sessions.revokeOthers': () => ({ keepSessionId: randomUUID() }),
  'appPasswords.create': () => ({ label: 'Phone', scopes: ['imap'], expiresInDays: null }),
  'appPasswords.get': ({ accountId }) => ({ accountId }),
  'appPasswords.revoke': ({ appPasswordId }) => ({ ids: [appPasswordId] }),
  'appPasswords.require': ({ accountId }) => ({ accountId, areRequired: true }),
  'operators.create': ({ name, resellerId }) => ({
    email: `new@${name}`,
    name: 'New',
    role: 'domain_owner',
    resellerId,
  }),
  'operators.list': NOTHING,
  'operators.get': ({ ownerId }) => ({ id: ownerId }),
  'operators.update': ({ ownerId }) => ({ id: ownerId, name: 'Renamed' }),
  'operators.suspend': ({ ownerId }) => ({ ids: [ownerId] }),
  'operators.resume': ({ ownerId }) => ({ ids: [ownerId] }),
  'operators.delete': ({ spareOperatorId }: Tenant & { spareOperatorId?: string }) => ({ ids: [spareOperatorId] }),
  'operators.restore': ({ deletedOperatorId }) => ({ ids: [deletedOperatorId] }),
  'operators.createPasswordLink': ({ ownerId }) => ({ id: ownerId }),
  'domains.create': ({ name, ownerId }) => ({ name: `new.${name}`, ownerId }),
  'domains.list': NOTHING,
  'domains.get': ({ domainId }) => ({ id: domainId }),
  'domains.update': ({ domainId }) => ({ id: domainId, maxAccounts: 50 }),
  'domains.suspend': ({ domainId }) => ({ ids: [domainId] }),
  'domains.resume': ({ domainId }) => ({ ids: [domainId] }),
  'domains.delete': ({ domainId }) => ({ ids: [domainId] }),
  'domains.restore': ({ deletedDomainId }) => ({ ids: [deletedDomainId] }),
  'domains.purge': ({ deletedDomainId }) => ({ ids: [deletedDomainId] }),
  'domains.setCatchAll': ({ domainId, otherAccountId }) => ({ id: domainId, accountId: otherAccountId }),
  'accounts.create': ({ domainId }) => ({ domainId, localPart: 'newcomer' }),
  'accounts.list': NOTHING,
  'accounts.get': ({ accountId }) => ({ id: accountId }),
  'accounts.update': ({ accountId }) => ({ id: accountId, displayName: 'Renamed', quotaBytes: 1 }),
  'accounts.resetPassword': ({ accountId }) => ({ id: accountId }),
  'accounts.suspend': ({ accountId }) => ({ ids: [accountId] }),
  'accounts.resume': ({ accountId }) => ({ ids: [accountId] }),
  'accounts.delete': ({ accountId }) => ({ ids: [accountId] }),
  'accounts.restore': ({ deletedAccountId }) => ({ ids: [deletedAccountId] }),
  'accounts.purge': ({ deletedAccountId }) => ({ ids: [deletedAccountId] }),
  'addresses.create': ({ domainId, accountId }) => ({ domainId, localPart: 'sales', targetIds: [accountId] }),
  'addresses.createForward': ({ domainId, accountId }) => ({
    domainId,
    localPart: 'away',
    destinations: ['someone@elsewhere.test'],
    targetIds: [accountId],
  }),
  'addresses.createResponder': ({ domainId, accountId }) => ({
    domainId,
    localPart: 'robot',
    subject: 'Thank you',
    body: 'We got it.',
    intervalDays: 7,
    targetIds: [accountId],
  }),
  'addresses.updateForward': ({ forwardId, accountId }) => ({
    id: forwardId,
    destinations: ['another@elsewhere.test'],
    targetIds: [accountId],
  }),
  'addresses.updateResponder': ({ responderId, accountId }) => ({
    id: responderId,
    subject: '',
    body: 'Still here.',
    intervalDays: 1,
    targetIds: [accountId],
  }),
  'addresses.list': NOTHING,
  'addresses.update': ({ aliasId, otherAccountId }) => ({ id: aliasId, targetIds: [otherAccountId] }),
  'addresses.delete': ({ aliasId }) => ({ ids: [aliasId] }),
  'deleted.list': NOTHING,
  'queue.list': NOTHING,
  'queue.summarise': NOTHING,
  'queue.retry': ({ queueEntryId }) => ({ ids: [queueEntryId] }),
  'queue.hold': ({ queueEntryId }) => ({ ids: [queueEntryId] }),
  'queue.release': ({ queueEntryId }) => ({ ids: [queueEntryId] }),
  'queue.delete': ({ queueEntryId }) => ({ ids: [queueEntryId] }),
  'domains.setPopBeforeSmtp': ({ domainId }) => ({ id: domainId, on: false }),
  'accounts.setNoRelay': ({ accountId }) => ({ id: accountId, noRelay: true }),
  'accessRules.get': () => ({ service: 'smtp' }),
  'accessRules.check': () => ({ service: 'smtp', text: ':allow' }),
  'accessRules.test': () => ({ service: 'smtp', address: '192.0.2.1' }),
  'accessRules.save': () => ({ service: 'smtp', text: ':allow' }),
  'accessRules.listVersions': () => ({ service: 'smtp' }),
  'accessRules.restore': () => ({ service: 'smtp', version: null }),
  'accessRules.export': () => ({ service: 'smtp' }),
  'relayOpenings.list': NOTHING,
  'relayOpenings.revoke': ({ accountId }) => ({ ids: [`${accountId}@${OPEN_FROM}`] }),
  'bans.list': NOTHING,
  'bans.create': () => ({ network: '203.0.113.0/24', minutes: null }),
  'bans.lift': () => ({ ids: [banIds.held] }),
  'bans.restore': () => ({ ids: [banIds.lifted] }),
  'bans.listAllowed': NOTHING,
  'bans.allow': () => ({ network: '192.0.2.0/24', note: 'Office' }),
  'bans.disallow': () => ({ ids: [banIds.allowed] }),
  'sendLimits.get': ({ accountId }) => ({ scope: 'account', id: accountId }),
  'sendLimits.update': ({ accountId }) => ({ scope: 'account', id: accountId, messagesPerDay: 5 }),
  'heldMail.list': NOTHING,
  'heldMail.listMessages': ({ accountId }) => ({ id: accountId }),
  'heldMail.release': ({ accountId }) => ({ ids: [accountId] }),
  'heldMail.delete': ({ accountId }) => ({ ids: [accountId] }),
  'sendAs.get': ({ accountId }) => ({ accountId }),
  'sendAs.grant': ({ accountId, name }) => ({ accountId, address: `sales@${name}` }),
  'sendAs.revoke': ({ sendAsId }) => ({ ids: [sendAsId] }),
  'certificates.upload': ({ domainId, name }) => ({ domainId, ...certificateFor([`mail.${name}`]) }),
  'certificates.list': NOTHING,
  'certificates.delete': ({ certificateId }) => ({ ids: [certificateId] }),
  'settings.list': NOTHING,
  'settings.update': () => ({ key: 'mail.restoreDays', value: 7 }),
  'engine.status': NOTHING,
  'engine.connections': NOTHING,
  'audit.list': NOTHING,
  'webmail.readPreferences': NOTHING,
  'webmail.listSenders': NOTHING,
  'webmail.updatePreferences': () => ({ density: 'compact' }),
};

const NAMES = OPERATIONS.map((operation) => operation.definition.name);
const KINDS = ['admin', 'reseller', 'domain-owner', 'mailbox-owner', 'system'] as const;

let database: TestDatabase;
let db: PrismaClient;
/** `ours` and `neighbour` have one reseller, `foreign` another. */
let ours: Tenant & { spareOperatorId: string };
let neighbour: Tenant;
let foreign: Tenant;
let admin: Actor;
const banIds = { held: '', lifted: '', allowed: '' };

async function addHolds(): Promise<void> {
  const hold = { heldAt: new Date(), scope: 'account', measure: 'messagesPerHour', limitValue: 1 };
  await db.sendHold.createMany({
    data: [ours, neighbour, foreign].map(({ accountId }) => {
      return { ...hold, accountId: BigInt(accountId), ref: `hold-${accountId}` };
    }),
  });
}

async function addBans(): Promise<void> {
  const ban = { reason: 'Abuse', automatic: false, since: new Date() };
  const held = await db.signInBan.create({ data: { ...ban, network: '198.51.100.1' } });
  const lifted = await db.signInBan.create({ data: { ...ban, network: '198.51.100.2', liftedAt: new Date() } });
  const allowed = await db.allowedNetwork.create({ data: { network: '198.51.100.3', createdBy: 'tester' } });
  Object.assign(banIds, { held: String(held.id), lifted: String(lifted.id), allowed: String(allowed.id) });
}

async function addOperator(email: string, role: 'admin' | 'domain_owner', resellerId: bigint | null) {
  const { hashPassword } = await import('./auth/password.ts');
  const passwordHash = await hashPassword(PASSWORD);
  return db.operator.create({ data: { email, name: email, role, resellerId, passwordHash } });
}

beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 4);
  const [first, second] = [
    await createReseller(db, 'first@resellers.test'),
    await createReseller(db, 'second@resellers.test'),
  ];
  const tenant = await createTenant(db, 'ours.test', first);
  const spare = await addOperator('spare@ours.test', 'domain_owner', BigInt(first));
  ours = { ...tenant, spareOperatorId: String(spare.id) };
  neighbour = await createTenant(db, 'neighbour.test', first);
  foreign = await createTenant(db, 'foreign.test', second);
  const { id, email } = await addOperator('root@host.test', 'admin', null);
  admin = { kind: 'admin', operatorId: id, label: email };
  await addBans();
  await addHolds();
  const { passwordHash } = spare;
  await db.operator.updateMany({ where: { passwordHash: null }, data: { passwordHash } });
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

function actorOf(kind: ActorKind, tenant: Tenant): Actor {
  if (kind === 'system') return { kind: 'system', label: 'system' };
  return kind === 'admin' ? admin : tenant.actors[kind];
}

class RolledBack extends Error {}

/** Calls for real and undoes it: every call finds the same world. Outcome: `ok` or the error's code. */
async function tryOut(name: string, actor: Actor, input: unknown): Promise<string> {
  try {
    await db.$transaction(async (tx) => {
      await callOf(name)(contextOf(tx, actor), input);
      throw new RolledBack();
    });
  } catch (error) {
    if (error instanceof RolledBack) return 'ok';
    if (error instanceof OperationError) return error.code;
    throw error;
  }
  return 'ok';
}

test('every operation that is defined is in the catalogue, once', async () => {
  const files = await readdir(import.meta.dirname, { recursive: true });
  const defined: string[] = [];
  for (const file of files.filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'))) {
    const source = await readFile(join(import.meta.dirname, file), 'utf8');
    if (source.includes('= defineOperation(')) defined.push(/^ {2}name: '([^']+)'/m.exec(source)?.[1] ?? file);
  }
  expect(defined.toSorted()).toEqual([...NAMES].toSorted());
});

describe.each(KINDS)('%s', (kind) => {
  test.each(NAMES)('%s is forbidden or not, as the table says', async (name) => {
    const outcome = await tryOut(name, actorOf(kind, ours), INPUTS[name](ours));
    const mayCall = ALLOWED[name].includes(kind);
    if (kind === 'system') return; // checked below: not every operation makes sense without a person
    // An operator has no mailbox session to revoke, and nobody but its owner may: not-found is the right answer then.
    const expected = name === 'sessions.revoke' && kind !== 'mailbox-owner' ? 'not-found' : 'ok';
    expect(outcome).toBe(mayCall ? expected : 'forbidden');
  });
});

test('the system may do everything that does not need a person', async () => {
  const personal = NAMES.filter((name) => /^(profile|sessions|webmail)\.|^appPasswords\.create$/.test(name));
  for (const name of NAMES.filter((each) => !personal.includes(each))) {
    expect([name, await tryOut(name, actorOf('system', ours), INPUTS[name](ours))]).toEqual([name, 'ok']);
  }
});

test('a forbidden operation says so before it looks at the input', async () => {
  for (const name of NAMES) {
    for (const kind of ['reseller', 'domain-owner', 'mailbox-owner'] as const) {
      if (ALLOWED[name].includes(kind)) continue;
      expect(await tryOut(name, actorOf(kind, ours), { id: { hostile: true } })).toBe('forbidden');
    }
  }
});

/** Operations whose input names nothing that belongs to somebody. */
const NAMES_NOTHING = NAMES.filter(
  (name) => !/Id|ids?\b/i.test(JSON.stringify(Object.keys(INPUTS[name]({} as Tenant) as object))),
);
const PERSONAL = ['profile.changePassword', 'sessions.revokeOthers'];
const TAKES_IDS = NAMES.filter((name) => !NAMES_NOTHING.includes(name) && !PERSONAL.includes(name));

const TABLES = [
  'operator',
  'domain',
  'account',
  'address',
  'address_target',
  'forward_destination',
  'responder',
  'web_session',
  'password_link',
  'audit_event',
  'folder',
  'setting',
  'queue_message',
  'queue_entry',
  'send_limit',
  'send_hold',
  'send_as_grant',
];

async function fingerprint(): Promise<string> {
  const parts: string[] = [];
  for (const table of TABLES) {
    const sql = `SELECT md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) AS sum FROM ${table} t`;
    parts.push((await db.$queryRawUnsafe<{ sum: string }[]>(sql))[0]?.sum ?? '');
  }
  return parts.join();
}

test('the cross-tenant test covers the operations that take ids', () => {
  expect(TAKES_IDS).toEqual(
    expect.arrayContaining([
      'domains.get',
      'accounts.update',
      'addresses.delete',
      'operators.update',
      'sessions.revoke',
    ]),
  );
  expect(TAKES_IDS.length).toBeGreaterThan(28);
});

describe.each(TAKES_IDS)("%s of another tenant's object", (name) => {
  const strangers = () => [
    ...(['reseller', 'domain-owner', 'mailbox-owner'] as const).map((kind) => foreign.actors[kind]),
    neighbour.actors['domain-owner'],
    neighbour.actors['mailbox-owner'],
  ];
  test('is refused like a missing one, and changes nothing', async () => {
    const before = await fingerprint();
    // A domain's owner is a field of a form: a wrong one is said there, in the words of a missing one.
    const refusals = name === 'domains.create' ? /^(invalid|forbidden)$/ : /^(not-found|forbidden)$/;
    for (const actor of strangers()) {
      const refusal = await callOf(name)(contextOf(db, actor), INPUTS[name](ours)).then(
        () => 'done',
        (error: unknown) => (error instanceof OperationError ? error.code : String(error)),
      );
      expect([actor.kind, refusal]).toEqual([actor.kind, expect.stringMatching(refusals)]);
    }
    expect(await fingerprint()).toBe(before);
  });

  test('is answered in the same words as an id that does not exist', async () => {
    const missing = Object.fromEntries(
      Object.entries(ours).map(([key, value]) => {
        if (key === 'sessionId') return [key, randomUUID()];
        return [key, key.endsWith('Id') && key !== 'resellerId' ? '999999999' : value];
      }),
    ) as unknown as typeof ours;
    for (const actor of strangers()) {
      if (name === 'operators.create') continue; // a reseller's own id is no secret from itself, another's is simply refused
      const [foreignError, missingError] = await Promise.all(
        [ours, missing].map((tenant) =>
          callOf(name)(contextOf(db, actor), INPUTS[name](tenant)).then(
            () => 'done',
            (error: unknown) => (error as Error).message,
          ),
        ),
      );
      expect(foreignError).toBe(missingError);
    }
  });
});

const BULK = TAKES_IDS.filter(
  (name) => 'ids' in (INPUTS[name]({} as Tenant) as object) && ALLOWED[name].includes('reseller'),
);

test.each(BULK)("%s of own and another tenant's together does nothing to either", async (name) => {
  const before = await fingerprint();
  const idsOf = (tenant: Tenant) => (INPUTS[name](tenant) as { ids: string[] }).ids;
  const ids = [...idsOf(ours), ...idsOf({ ...foreign, spareOperatorId: foreign.ownerId } as Tenant)];
  const call = callOf(name)(contextOf(db, ours.actors.reseller), { ids });
  await expect(call).rejects.toMatchObject({ code: 'not-found' });
  expect(await fingerprint()).toBe(before);
});

test("a mailbox owner does not reach a colleague's mailbox", async () => {
  expect(await tryOut('accounts.get', ours.actors['mailbox-owner'], { id: ours.otherAccountId })).toBe('not-found');
});

test('an alias cannot lead out of its tenant', async () => {
  const input = { domainId: ours.domainId, localPart: 'spy', targetIds: [foreign.accountId] };
  for (const kind of ['reseller', 'domain-owner'] as const) {
    expect(await tryOut('addresses.create', ours.actors[kind], input)).toBe('invalid');
    const update = { id: ours.aliasId, targetIds: [foreign.accountId] };
    expect(await tryOut('addresses.update', ours.actors[kind], update)).toBe('invalid');
    for (const make of ['addresses.createForward', 'addresses.createResponder'] as const) {
      const spying = { ...(INPUTS[make](ours) as object), targetIds: [foreign.accountId] };
      expect(await tryOut(make, ours.actors[kind], spying)).toBe('invalid');
    }
    const catchAll = { id: ours.domainId, accountId: foreign.accountId };
    expect(await tryOut('domains.setCatchAll', ours.actors[kind], catchAll)).toBe('invalid');
  }
});

describe('lists show their own tenant only', () => {
  const LISTS = NAMES.filter(
    (name) => name.endsWith('.list') && !name.startsWith('settings') && !name.startsWith('sessions'),
  );
  test.each(LISTS)('%s', async (name) => {
    for (const kind of ALLOWED[name].filter((each) => each !== 'admin')) {
      const result = (await callOf(name)(contextOf(db, actorOf(kind, ours)), { pageSize: 200 })) as { rows: unknown[] };
      const text = JSON.stringify(result);
      expect(text).not.toContain('foreign.test');
      if (kind !== 'reseller') expect(text).not.toContain('neighbour.test');
    }
    const all = (await callOf(name)(contextOf(db, admin), { pageSize: 200 })) as { total: number; rows: unknown[] };
    expect(all.total).toBe(all.rows.length);
    expect(all.total).toBeGreaterThan(0);
  });
});

const HOSTILE: unknown[] = [
  '\0',
  'a\0b',
  '\ud800',
  "%'; DROP TABLE domain; --\\",
  'x'.repeat(100_000),
  '99999999999999999999',
  Number.NaN,
  2 ** 60,
  2n ** 70n,
  null,
  [[]],
  { toString: null },
];

/** Of any list; one that does not know a filter passes it over. */
const FILTERS = [
  'state',
  'domainId',
  'accountId',
  'ownerId',
  'resellerId',
  'role',
  'kind',
  'operation',
  'from',
  'to',
  'destination',
];

describe('hostile input', () => {
  test.each(NAMES)('in any field of %s is a refusal or a result, never a fault', async (name) => {
    const kind = ALLOWED[name].at(-1) as ActorKind;
    const proper = INPUTS[name](ours) as Record<string, unknown>;
    const list = name.endsWith('.list') ? ['search', 'sort', 'direction', 'page', 'pageSize', 'filters'] : [];
    for (const field of [...Object.keys(proper), ...list, 'unknownField']) {
      for (const hostile of HOSTILE) {
        const values = field.endsWith('ds') ? [hostile, [hostile]] : [hostile];
        for (const value of values) {
          const outcome = await tryOut(name, actorOf(kind, ours), { ...proper, [field]: value });
          expect(outcome).toMatch(/^(ok|invalid|not-found|forbidden|conflict)$/);
        }
      }
    }
    for (const filter of list.length > 0 ? FILTERS : []) {
      for (const hostile of HOSTILE) {
        const outcome = await tryOut(name, actorOf(kind, ours), { filters: { [filter]: hostile } });
        expect(outcome).toMatch(/^(ok|invalid)$/);
      }
    }
    for (const whole of HOSTILE)
      expect(await tryOut(name, actorOf(kind, ours), whole)).toMatch(/^(ok|invalid|not-found)$/);
  });
});

test('every result is plain JSON: what goes to a browser survives it unchanged', async () => {
  for (const name of NAMES) {
    const kind = ALLOWED[name][0] as ActorKind;
    const results: unknown[] = [];
    await db
      .$transaction(async (tx) => {
        results.push(await callOf(name)(contextOf(tx, actorOf(kind, ours)), INPUTS[name](ours)));
        throw new RolledBack();
      })
      .catch((error: unknown) => {
        if (!(error instanceof RolledBack) && !(error instanceof OperationError)) throw error;
      });
    for (const result of results) expect(JSON.parse(JSON.stringify(result))).toEqual(result);
  }
});
