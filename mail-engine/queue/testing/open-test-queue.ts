/** A queue on a database of its own: real store, intake, directory and resolver; a name server, and a clock that stands still. */
import { createResolver } from '#engine/dns/resolver.ts';
import type { RemoteRecipient } from '#engine/intake/types.ts';
import { deliver, openTestStore, readMessage, type TestStore } from '#engine/store/testing/open-test-store.ts';
import { startDnsServer, type Zone } from '#engine/testing/dns-server.ts';
import { ManualClock } from '#engine/testing/manual-clock.ts';
import { createDirectory } from '#server/directory/create-directory.ts';
import { createSendGate, type SendGate } from '#server/send-limits/create-send-gate.ts';
import { resolveSettings } from '#server/settings/resolve-settings.ts';
import { createQueueRunner, type QueueRunner, type QueueRunnerOptions } from '../runner.ts';

/** What there is to see of an entry. */
interface EntryRow {
  id: number;
  recipient: string;
  state: string;
  attempts: number;
  nextAttemptAt: Date;
  lastReply: string | null;
  leaseOwner: string | null;
  noticeRef: string | null;
}

export interface TestQueue extends Pick<TestStore, 'pool' | 'url' | 'store' | 'intake' | 'createAccount'> {
  zone: Zone;
  /** A minute ahead of the database's when it was reset, so that what is queued is due. */
  readonly clock: ManualClock;
  /** Settings that differ from the defaults (private destinations are allowed). */
  settings: Record<string, number | boolean | string>;
  /** With no limits but those in the database; takes ten held messages a sender. */
  sendGate: SendGate;
  /** Closes all runners, empties the queue and the zone, takes a new clock. For before each test. */
  reset(): Promise<void>;
  runner(options?: Partial<QueueRunnerOptions>): QueueRunner;
  /** Queues a message of `accountId` through intake. Returns its ref. */
  submit(message: Submission): Promise<string>;
  entries(): Promise<EntryRow[]>;
  /** As if all leases had been taken so long ago that they have ended. Their time is the database's, which no test moves. */
  ageLeases(): Promise<void>;
  /** Kinds of the trace events of a ref, in order. */
  trace(ref: string): Promise<string[]>;
  /** All messages in the account's INBOX, as text. */
  inbox(accountId: number): Promise<string[]>;
  addAlias(address: string, accountIds: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

interface Submission {
  sender: string;
  to: readonly (string | (Omit<RemoteRecipient, 'kind' | 'destination'> & { destination?: string }))[];
  accountId?: number;
  body?: string | Buffer;
  envId?: string;
  ret?: 'FULL' | 'HDRS';
}

const MESSAGE = 'From: <ann@own.test>\r\nSubject: hello\r\nMessage-ID: <1@own.test>\r\n\r\n.dot\r\nbody\r\n';

const ENTRIES = `
SELECT id, recipient, state::text, attempts, next_attempt_at AS "nextAttemptAt", last_reply AS "lastReply",
  lease_owner AS "leaseOwner", notice_ref AS "noticeRef" FROM queue_entry ORDER BY id`;

function toRecipient(to: Submission['to'][number]): RemoteRecipient {
  const recipient = typeof to === 'string' ? { address: to } : to;
  const destination = recipient.address.slice(recipient.address.lastIndexOf('@') + 1).toLowerCase();
  return { kind: 'remote', destination, ...recipient };
}

async function addAddress({ pool }: TestStore, address: string, accountIds: readonly number[]): Promise<void> {
  const [localPart, domain] = address.split('@');
  await pool.query(
    `WITH made AS (
       INSERT INTO address (domain_id, local_part, kind)
       SELECT id, $1, CASE WHEN cardinality($3::bigint[]) = 1 THEN 'account' ELSE 'alias' END::address_kind
       FROM domain WHERE name = $2 RETURNING id)
     INSERT INTO address_target (address_id, account_id) SELECT made.id, unnest($3::bigint[]) FROM made`,
    [localPart, domain, accountIds],
  );
}

const NO_LIMITS = {
  messagesPerHour: 0,
  messagesPerDay: 0,
  recipientsPerHour: 0,
  recipientsPerDay: 0,
  firstTimePerDay: 0,
};

function openSendGate({ pool }: TestStore, now: () => Date): SendGate {
  const defaults = { account: NO_LIMITS, domain: NO_LIMITS, reseller: NO_LIMITS };
  return createSendGate({ pool, limits: () => ({ defaults, maxHeldMessages: 10, maxHeldBytes: 1_000_000 }), now });
}

async function readInbox({ store }: TestStore, accountId: number): Promise<string[]> {
  const folder = await store.findFolder(accountId, 'INBOX');
  if (!folder) throw new Error('no INBOX');
  const view = await store.openView(accountId, folder.id);
  const uids = view.entries.map(({ uid }) => uid);
  view.release();
  return Promise.all(uids.map(async (uid) => (await readMessage(store, accountId, folder.id, uid)).toString()));
}

export async function openTestQueue(clusterUrl: string): Promise<TestQueue> {
  const base = await openTestStore(clusterUrl);
  const { pool, url, intake } = base;
  const dns = await startDnsServer();
  const freshClock = () => new ManualClock(new Date(Date.now() + 60_000));
  const freshResolver = (clock: ManualClock) =>
    createResolver({ servers: [dns.server], clock, timeoutMs: 300, tries: 1 });
  let clock = freshClock();
  let resolver = freshResolver(clock);
  const settings: TestQueue['settings'] = {};
  const directory = await createDirectory({
    pool,
    listenUrl: url,
    postmaster: { hostname: 'mail.own.test', address: () => String(settings['smtp.postmaster'] ?? '') },
  });
  const sendGate = openSendGate(base, () => clock.now());
  const runners: QueueRunner[] = [];
  const closeRunners = async (): Promise<void> => {
    for (const runner of runners.splice(0)) {
      const closed = runner.close(0);
      clock.advance(0);
      await closed;
    }
  };
  let submitted = 0;

  const createAccount = async (address: string, quotaBytes?: number) => {
    const account = await base.createAccount(address, quotaBytes);
    await addAddress(base, address, [account.accountId]);
    return account;
  };

  return {
    ...base,
    createAccount,
    addAlias: (address, accountIds) => addAddress(base, address, accountIds),
    zone: dns.zone,
    get clock() {
      return clock;
    },
    settings,
    sendGate,
    reset: async () => {
      await closeRunners();
      for (const table of ['queue_message', 'send_hold', 'send_usage', 'send_limit']) {
        await pool.query(`DELETE FROM ${table}`);
      }
      clock = freshClock();
      resolver = freshResolver(clock);
      for (const name of Object.keys(dns.zone)) delete dns.zone[name];
      for (const key of Object.keys(settings)) delete settings[key];
      settings['queue.allowPrivateDestinations'] = true;
    },
    runner: (options = {}) => {
      const runner = createQueueRunner({
        pool,
        listenUrl: url,
        intake,
        directory,
        resolver,
        settings: {
          get: (key) => resolveSettings(Object.entries(settings).map(([name, value]) => ({ key: name, value })))[key],
        },
        sendGate,
        hostname: 'mail.own.test',
        remotePort: 25,
        clock,
        ...options,
      });
      runners.push(runner);
      return runner;
    },
    submit: async ({ sender, to, body = MESSAGE, ...rest }) => {
      submitted += 1;
      const ref = `submission-${submitted}`;
      await deliver(intake, to.map(toRecipient), body, { ...rest, sender, ref, received: 'Received: by own.test\r\n' });
      return ref;
    },
    entries: async () => (await pool.query<EntryRow>(ENTRIES)).rows,
    ageLeases: async () => {
      await pool.query(`UPDATE queue_entry SET lease_until = now() - interval '1 hour' WHERE state = 'leased'`);
    },
    trace: async (ref) => {
      const { rows } = await pool.query<{ kind: string }>('SELECT kind FROM trace WHERE ref = $1 ORDER BY id', [ref]);
      return rows.map(({ kind }) => kind);
    },
    inbox: (accountId) => readInbox(base, accountId),
    close: async () => {
      await closeRunners();
      resolver.close();
      await dns.close();
      await directory.close();
      await base.close();
    },
  };
}
