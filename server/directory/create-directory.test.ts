import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createAccount } from '../accounts/create-account.ts';
import { deleteAccounts } from '../accounts/delete-accounts.ts';
import { restoreAccounts } from '../accounts/restore-accounts.ts';
import { resumeAccounts } from '../accounts/resume-accounts.ts';
import { suspendAccounts } from '../accounts/suspend-accounts.ts';
import { updateAccount } from '../accounts/update-account.ts';
import { createAlias } from '../addresses/create-alias.ts';
import { createPool } from '../database/pool.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import { createDomain } from '../domains/create-domain.ts';
import { deleteDomains } from '../domains/delete-domains.ts';
import { restoreDomains } from '../domains/restore-domains.ts';
import { resumeDomains } from '../domains/resume-domains.ts';
import { suspendDomains } from '../domains/suspend-domains.ts';
import type { Context } from '../operation.ts';
import { createManualClock } from '../testing/manual-clock.ts';
import { contextOf, createReseller, createTenant, PASSWORD, type Tenant } from '../testing/tenants.ts';
import { createDirectory } from './create-directory.ts';
import type { Directory } from './types.ts';

let database: TestDatabase;
let db: PrismaClient;
let pool: Pool;
let context: Context;
let tenant: Tenant;
let directory: Directory;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 4);
  pool = createPool({ connectionString: database.url, max: 4 });
  context = contextOf(db);
  tenant = await createTenant(db, 'here.test', await createReseller(db, 'reseller@here.test'));
  directory = await createDirectory({ pool, listenUrl: database.url });
});
afterAll(async () => {
  await directory.close();
  await pool.end();
  await db.$disconnect();
  await database.drop();
});

const kindOf = async (address: string, from = directory) => (await from.resolveRecipient(address)).kind;
/** Waits for what NOTIFY brings; fails when it does not come. */
const eventually = <T>(look: () => Promise<T>, expected: T) =>
  vi.waitFor(async () => expect(await look()).toEqual(expected), { timeout: 10_000, interval: 5 });

describe('a recipient', () => {
  test('is an account, with what intake needs to know', async () => {
    expect(await directory.resolveRecipient('Ann@HERE.test')).toEqual({
      kind: 'deliverable',
      by: 'name',
      targets: [
        {
          accountId: Number(tenant.accountId),
          domainId: Number(tenant.domainId),
          address: 'ann@here.test',
          quotaBytes: 0,
          receivePerHour: null,
          receivePerDay: null,
        },
      ],
      remotes: [],
      responderIds: [],
    });
  });

  test('is every mailbox of an alias', async () => {
    const targetIds = [tenant.accountId, tenant.otherAccountId];
    await createAlias(context, { domainId: tenant.domainId, localPart: 'everybody', targetIds });
    await eventually(async () => {
      const resolution = await directory.resolveRecipient('everybody@here.test');
      return resolution.kind === 'deliverable' ? resolution.targets.map((target) => target.address) : [];
    }, ['ann@here.test', 'ben@here.test']);
  });

  test.each([
    ['nobody@here.test', 'unknown'],
    ['ann+news@here.test', 'deliverable'],
    ['nobody+news@here.test', 'unknown'],
    ['gone@here.test', 'unknown'],
    ['ann@gone.here.test', 'not-hosted'],
    ['ann@elsewhere.test', 'not-hosted'],
    ['ann@sub.here.test', 'not-hosted'],
    ['ann', 'not-hosted'],
    ['', 'not-hosted'],
    ['@here.test', 'unknown'],
    [`${'x'.repeat(65)}@here.test`, 'unknown'],
    ['a\0nn@here.test', 'unknown'],
    ['ann@here.test\0', 'not-hosted'],
    ["ann'--@here.test", 'unknown'],
    ['ann@[127.0.0.1]', 'not-hosted'],
    [`ann@${'x'.repeat(100_000)}`, 'not-hosted'],
  ])('%j is %s', async (address, kind) => {
    expect(await kindOf(address)).toBe(kind);
  });

  test('in a domain of another script is found by either spelling', async () => {
    const { id } = await createDomain(context, { name: 'Bücher.test' });
    await createAccount(context, { domainId: id, localPart: 'jürgen', password: PASSWORD });
    for (const address of ['jürgen@bücher.test', 'JÜRGEN@xn--bcher-kva.test', 'ju\u0308rgen@BÜCHER.test']) {
      expect(await kindOf(address)).toBe('deliverable');
    }
  });
});

test('who may send as an address: the account itself and its aliases', async () => {
  const ben = Number(tenant.otherAccountId);
  expect(await directory.maySendAs(ben, 'BEN@here.test')).toBe(true);
  expect(await directory.maySendAs(ben, 'everybody@here.test')).toBe(true);
  for (const address of ['ann@here.test', 'team@here.test', 'nobody@here.test', 'not an address']) {
    expect(await directory.maySendAs(ben, address)).toBe(false);
  }
});

describe('other kinds of address', () => {
  let made = 0;
  async function add(
    kind: 'forward' | 'responder' | 'alias',
    accountIds: readonly string[] = [],
    destinations: readonly string[] = [],
  ): Promise<string> {
    made += 1;
    const localPart = `kind${made}`;
    const { id } = await db.address.create({
      data: {
        domainId: BigInt(tenant.domainId),
        localPart,
        kind,
        targets: { create: accountIds.map((accountId) => ({ accountId: BigInt(accountId) })) },
        destinations: { create: destinations.map((destination) => ({ destination })) },
      },
    });
    if (kind === 'responder') {
      await db.responder.create({ data: { addressId: id, subject: '', body: 'x', intervalDays: 1 } });
    }
    return `${localPart}@here.test`;
  }
  const seen = async (address: string) => {
    const found = await directory.resolveRecipient(address);
    if (found.kind !== 'deliverable') return found.kind;
    const { by, targets, remotes, responderIds } = found;
    return [by, targets.map((each) => each.address), remotes.map((each) => each.address), responderIds.length];
  };

  test('a forward leads to accounts, addresses elsewhere and responders, over forwards that stay here', async () => {
    const responder = await add('responder', [tenant.otherAccountId]);
    const inner = await add('forward', [], ['zoe@far.test', responder]);
    const outer = await add(
      'forward',
      [tenant.accountId],
      [inner, 'ben+x@here.test', 'yan@far.test', 'nobody@here.test'],
    );
    expect(await seen(outer)).toEqual([
      'name',
      ['ann@here.test', 'ben@here.test'],
      ['yan@far.test', 'zoe@far.test'],
      1,
    ]);
    expect(await seen(outer.replace('@', '+ext@'))).toEqual(expect.arrayContaining(['extension']));
  });

  test('circles end; what only leads in a circle is circular, and what leads nowhere unknown', async () => {
    const first = await add('forward');
    const second = await add('forward', [], [first, 'zoe@far.test']);
    const { id } = await db.address.findFirstOrThrow({ where: { localPart: first.split('@')[0] ?? '' } });
    await db.forwardDestination.create({ data: { addressId: id, destination: second } });
    expect(await seen(second)).toEqual(['name', [], ['zoe@far.test'], 0]);
    expect(await seen(first)).toEqual(['name', [], ['zoe@far.test'], 0]);
    const self = await add('forward');
    const own = await db.address.findFirstOrThrow({ where: { localPart: self.split('@')[0] ?? '' } });
    await db.forwardDestination.create({ data: { addressId: own.id, destination: self } });
    await eventually(() => seen(self), 'circular');
    expect(await seen(await add('forward', [], ['nobody@here.test']))).toBe('unknown');
  });

  test('a chain without end is not followed', async () => {
    let last = await add('forward', [tenant.accountId]);
    for (let index = 0; index < 250; index += 1) last = await add('forward', [], [last]);
    expect(await seen(last)).toBe('circular');
  });

  test('a catch-all takes what has no name, and nobody may send as that', async () => {
    const domainId = BigInt(tenant.domainId);
    const setCatchAll = (accountId: string | null) =>
      db.domain.update({
        where: { id: domainId },
        data: { catchAllAccountId: accountId === null ? null : BigInt(accountId) },
      });
    await setCatchAll(tenant.otherAccountId);
    await eventually(() => seen('whatever@here.test'), ['catch-all', ['ben@here.test'], [], 0]);
    expect(await seen('ben@here.test')).toEqual(['name', ['ben@here.test'], [], 0]);
    expect(await seen('ben+x@here.test')).toEqual(['extension', ['ben@here.test'], [], 0]);
    expect(await directory.maySendAs(Number(tenant.otherAccountId), 'whatever@here.test')).toBe(false);
    expect(await directory.maySendAs(Number(tenant.otherAccountId), 'ben+x@here.test')).toBe(true);
    await setCatchAll(null);
    await eventually(() => seen('whatever@here.test'), 'unknown');
  });

  test('postmaster is who stands in where nobody has that address, and nobody may send as that', async () => {
    let address = 'ben+mail@here.test';
    const postmaster = { hostname: 'MX.Test', address: () => address };
    const own = await createDirectory({ pool, listenUrl: database.url, postmaster });
    await createDomain(context, { name: 'new.here.test' });
    const endsOf = async (asked: string) => {
      const found = await own.resolveRecipient(asked);
      return found.kind === 'deliverable'
        ? [found.by, ...[...found.targets, ...found.remotes].map((end) => end.address)]
        : found.kind;
    };
    for (const asked of ['Postmaster@new.here.test', 'postmaster@mx.test']) {
      expect(await endsOf(asked)).toEqual(['postmaster', 'ben@here.test']);
      expect(await own.maySendAs(Number(tenant.otherAccountId), asked)).toBe(false);
    }
    expect(await endsOf('postmaster@here.test')).toEqual(['name', 'ann@here.test']);
    expect(await endsOf('root@mx.test')).toBe('not-hosted');
    expect(await endsOf('postmaster@elsewhere.test')).toBe('not-hosted');
    expect([own.isHostPostmaster('PostMaster@mx.test'), own.isHostPostmaster('postmaster@new.here.test')]).toEqual([
      true,
      false,
    ]);
    address = 'zoe@far.test';
    expect(await endsOf('postmaster@new.here.test')).toEqual(['postmaster', 'zoe@far.test']);
    address = 'zoe@mx.test';
    expect(await endsOf('postmaster@mx.test')).toBe('unknown');
    address = '';
    expect([await endsOf('postmaster@mx.test'), own.isHostPostmaster('postmaster@mx.test')]).toEqual([
      'not-hosted',
      false,
    ]);
    expect(await endsOf('postmaster@new.here.test')).toBe('unknown');
    await own.close();
  });

  test('separators are a setting, asked for at every question', async () => {
    let separators = '+-';
    const own = await createDirectory({ pool, listenUrl: database.url, separators: () => separators });
    await createAccount(context, { domainId: tenant.domainId, localPart: 'ben-news', password: PASSWORD });
    const targetOf = async (address: string) => {
      const found = await own.resolveRecipient(address);
      return found.kind === 'deliverable' ? found.targets[0]?.address : found.kind;
    };
    expect(await targetOf('ben-news@here.test')).toBe('ben-news@here.test');
    expect(await targetOf('ben-news-x@here.test')).toBe('ben-news@here.test');
    expect(await targetOf('ben-x@here.test')).toBe('ben@here.test');
    separators = '';
    expect(await targetOf('ben-x@here.test')).toBe('unknown');
    expect(await targetOf('ben+x@here.test')).toBe('unknown');
    await own.close();
  });
});

describe('what changed in the panel holds without a restart', () => {
  test('suspension and deletion of a mailbox, and back', async () => {
    const ids = [tenant.otherAccountId];
    const ben = () => kindOf('ben@here.test');
    expect(await ben()).toBe('deliverable');
    await suspendAccounts(context, { ids });
    await eventually(ben, 'suspended');
    await resumeAccounts(context, { ids });
    await eventually(ben, 'deliverable');
    await deleteAccounts(context, { ids });
    await eventually(ben, 'unknown');
    await restoreAccounts(context, { ids });
    await eventually(ben, 'deliverable');
  });

  test('suspension and deletion of a domain, and back', async () => {
    const ids = [tenant.domainId];
    const both = async () => [
      await kindOf('ann@here.test'),
      await kindOf('nobody@here.test'),
      await directory.isHosted('HERE.test'),
    ];
    expect(await both()).toEqual(['deliverable', 'unknown', true]);
    await suspendDomains(context, { ids });
    await eventually(both, ['suspended', 'unknown', true]);
    await resumeDomains(context, { ids });
    await eventually(both, ['deliverable', 'unknown', true]);
    await deleteDomains(context, { ids });
    await eventually(both, ['not-hosted', 'not-hosted', false]);
    await restoreDomains(context, { ids });
    await eventually(both, ['deliverable', 'unknown', true]);
  });

  test('an address that was unknown a moment ago', async () => {
    expect(await kindOf('newcomer@here.test')).toBe('unknown');
    await createAccount(context, { domainId: tenant.domainId, localPart: 'newcomer', password: PASSWORD });
    await eventually(() => kindOf('newcomer@here.test'), 'deliverable');
  });
});

describe('memory', () => {
  let queries = 0;
  const counting = () => {
    queries = 0;
    const original = pool.query.bind(pool) as (...parameters: unknown[]) => unknown;
    return vi.spyOn(pool, 'query').mockImplementation(((...parameters: unknown[]) => {
      queries += 1;
      return original(...parameters);
    }) as never);
  };
  afterEach(() => vi.restoreAllMocks());

  test('answers a second time without the database', async () => {
    counting();
    await eventually(async () => {
      await kindOf('ann@here.test'); // a notification of an earlier change may still be on its way
      queries = 0;
      for (let index = 0; index < 50; index += 1) expect(await kindOf('ann@here.test')).toBe('deliverable');
      return queries;
    }, 0);
  });
});

describe('a full mailbox', () => {
  async function setUsage(sizeBytes: number): Promise<void> {
    await db.accountUsage.update({
      where: { accountId: BigInt(tenant.accountId) },
      data: { sizeBytes: BigInt(sizeBytes) },
    });
  }
  afterAll(async () => {
    await setUsage(0);
    await updateAccount(context, { id: tenant.accountId, quotaBytes: 0 });
  });

  test('is over quota with the message that filled it, and has room with the one removed', async () => {
    await updateAccount(context, { id: tenant.accountId, quotaBytes: 1_000 });
    await setUsage(999);
    await eventually(async () => {
      const resolution = await directory.resolveRecipient('ann@here.test');
      return resolution.kind === 'deliverable' && resolution.targets[0]?.quotaBytes;
    }, 1_000);
    await setUsage(1_000);
    expect(await kindOf('ann@here.test')).toBe('over-quota');
    await setUsage(999);
    expect(await kindOf('ann@here.test')).toBe('deliverable');
  });

  test('with ample room is believed to have some for five seconds', async () => {
    const clock = createManualClock();
    const own = await createDirectory({ pool, listenUrl: database.url, now: clock.now });
    await updateAccount(context, { id: tenant.accountId, quotaBytes: 2 ** 30 });
    await setUsage(0);
    await eventually(async () => {
      const resolution = await own.resolveRecipient('ann@here.test');
      return resolution.kind === 'deliverable' && resolution.targets[0]?.quotaBytes;
    }, 2 ** 30);
    await setUsage(2 ** 30);
    expect(await kindOf('ann@here.test', own)).toBe('deliverable');
    clock.advance(5_000);
    expect(await kindOf('ann@here.test', own)).toBe('over-quota');
    await own.close();
  });

  test('does not stop an alias that also leads to one with room', async () => {
    await updateAccount(context, { id: tenant.accountId, quotaBytes: 1_000 });
    await setUsage(1_000);
    await eventually(() => kindOf('ann@here.test'), 'over-quota');
    expect(await kindOf('everybody@here.test')).toBe('deliverable');
    expect(await kindOf('team@here.test')).toBe('over-quota');
  });
});

/** A connection to PostgreSQL that can be cut and kept from coming back. */
async function createGate(url: string) {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let open = true;
  const server: Server = createServer((client) => {
    if (!open) return void client.destroy();
    const upstream = connect(Number(target.port), target.hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined); // the cut this gate is for
      socket.on('close', () => [client, upstream].forEach((each) => void each.destroy()));
    }
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  target.port = String((server.address() as AddressInfo).port);
  return {
    url: target.href,
    cut: () => {
      open = false;
      for (const socket of sockets) socket.destroy();
    },
    reopen: () => {
      open = true;
    },
    close: () => server.close(),
  };
}

test('while notifications are lost nothing is answered from memory, and afterwards it is again', async () => {
  const gate = await createGate(database.url);
  const own = await createDirectory({ pool, listenUrl: gate.url });
  const ids = [tenant.otherAccountId];
  expect(await kindOf('ben@here.test', own)).toBe('deliverable');
  gate.cut();
  // Once the cut is noticed, every change is seen at the next look.
  await suspendAccounts(context, { ids });
  await eventually(() => kindOf('ben@here.test', own), 'suspended');
  await resumeAccounts(context, { ids });
  expect(await kindOf('ben@here.test', own)).toBe('deliverable');
  await suspendAccounts(context, { ids });
  expect(await kindOf('ben@here.test', own)).toBe('suspended');
  gate.reopen();
  await resumeAccounts(context, { ids });
  await eventually(() => kindOf('ben@here.test', own), 'deliverable');
  await own.close();
  gate.close();
});
