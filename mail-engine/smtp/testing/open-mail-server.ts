/**
 * The real MX, submission and POP3 services on real sockets, with the real intake, store, directory and authenticator on a database
 * of their own. Hosted: one.example (ann, ben, carl, full, away; alias team) and gone.example (suspended).
 */
import { createResolver } from '#engine/dns/resolver.ts';
import type { DnsResolver } from '#engine/dns/types.ts';
import { listen } from '#engine/net/listener.ts';
import { gateOf } from '#engine/net/testing/gate.ts';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { createTestTls } from '#engine/net/testing/test-tls.ts';
import { Turn } from '#engine/net/turn.ts';
import type { Listener, ServiceHandler } from '#engine/net/types.ts';
import { servePop3Session } from '#engine/pop3/serve-session.ts';
import type { Pop3Limits } from '#engine/pop3/types.ts';
import { type Clock, systemClock } from '#engine/queue/clock.ts';
import type { SignInSettings } from '#engine/sasl/types.ts';
import { openTestStore, readMessage, type TestStore } from '#engine/store/testing/open-test-store.ts';
import { startDnsServer, type Zone } from '#engine/testing/dns-server.ts';
import { createAccessPolicy, type LiveAccessPolicy } from '#server/access-rules/policy/create-access-policy.ts';
import { createRelayGate } from '#server/access-rules/pop-before-smtp/open-relay.ts';
import type { AccessPolicy } from '#server/access-rules/types.ts';
import { createAccount } from '#server/accounts/create-account.ts';
import { suspendAccounts } from '#server/accounts/suspend-accounts.ts';
import { SYSTEM } from '#server/actor/actor.ts';
import { createAlias } from '#server/addresses/create-alias.ts';
import { createAccountWatch } from '#server/auth/account-watch.ts';
import { createAuthenticator } from '#server/auth/create-authenticator.ts';
import { createPrisma, type PrismaClient } from '#server/database/prisma.ts';
import { createDirectory } from '#server/directory/create-directory.ts';
import { createDomain } from '#server/domains/create-domain.ts';
import { createNetworkSet } from '#server/input/network.ts';
import { type Logger, logger } from '#server/logger.ts';
import type { Context } from '#server/operation.ts';
import { createSendGate, type SendGate } from '#server/send-limits/create-send-gate.ts';
import { type BlockListSettings, createBlockLists } from '../block-list/create-block-lists.ts';
import {
  type CheckSettings,
  createRecipientCheck,
  type RecipientCheck,
} from '../recipient-check/create-recipient-check.ts';
import { serveSession } from '../serve-session.ts';
import type { SmtpDeps, SmtpLimits, SmtpSettings } from '../types.ts';

export const PASSWORD = 'correct horse battery';
const NO_LIMITS = {
  messagesPerHour: 0,
  messagesPerDay: 0,
  recipientsPerHour: 0,
  recipientsPerDay: 0,
  firstTimePerDay: 0,
};
export const SECRET = 'a secret of at least thirty-two characters';

type ServiceName = 'mx' | 'submission' | 'submissions' | 'lmtp' | 'pop3' | 'pop3s';

export interface MailServer extends TestStore {
  db: PrismaClient;
  ports: Readonly<Record<ServiceName, number>>;
  /** By local part. */
  accounts: Readonly<Record<string, number>>;
  /** A test may change them at any time. */
  settings: SmtpSettings;
  checkSettings: CheckSettings;
  signInSettings: SignInSettings;
  /** Who stands in for postmaster; nobody at first. */
  postmaster: { address: string };
  /** Of every account; none at first. */
  sendLimits: { messagesPerHour: number };
  sendGate: SendGate;
  /** What the name service knows. */
  zone: Zone;
  recipientCheck: RecipientCheck;
  accessPolicy: LiveAccessPolicy;
  /** No lists at first. */
  blockListSettings: BlockListSettings;
  connect(service: ServiceName): Promise<LineClient>;
  /** Messages in an account's INBOX, oldest first. */
  readInbox(localPart: string): Promise<string[]>;
  stopListening(): Promise<void>;
}

export interface MailServerOptions {
  smtpLimits?: Partial<SmtpLimits>;
  pop3Limits?: Partial<Pop3Limits>;
  /** The sessions' clock. */
  now?: () => Date;
  /** What deliberate delays and the recipient check wait by. */
  timers?: Pick<Clock, 'setTimer'>;
  /** What access rules say of a client of MX; those in the database where it is left out. */
  access?: AccessPolicy;
  /** Connections from this machine begin with a PROXY header, and so may come from anywhere. */
  proxied?: boolean;
  /** Where the sessions' log goes. */
  log?: Logger;
}

async function createHosted(db: PrismaClient): Promise<Record<string, number>> {
  const context: Context = { db, actor: SYSTEM, now: () => new Date() };
  const { id: domainId } = await createDomain(context, { name: 'one.example' });
  const ids: Record<string, string> = {};
  for (const localPart of ['ann', 'ben', 'carl', 'full', 'away']) {
    ids[localPart] = (await createAccount(context, { domainId, localPart, password: PASSWORD })).account.id;
  }
  await createAlias(context, { domainId, localPart: 'team', targetIds: [ids.ann ?? '', ids.ben ?? ''] });
  await suspendAccounts(context, { ids: [ids.away ?? ''] });
  return Object.fromEntries(Object.entries(ids).map(([name, id]) => [name, Number(id)]));
}

function openSending({ pool }: TestStore): Pick<MailServer, 'sendLimits' | 'sendGate'> {
  const sendLimits = { messagesPerHour: 0 };
  const limits = () => ({
    defaults: { account: { ...NO_LIMITS, ...sendLimits }, domain: NO_LIMITS, reseller: NO_LIMITS },
    maxHeldMessages: 100,
    maxHeldBytes: 1_000_000,
  });
  return { sendLimits, sendGate: createSendGate({ pool, limits, now: () => new Date() }) };
}

/** Rules, openings and block lists as the engine has them. */
async function openAccess({ url, pool }: TestStore, resolver: DnsResolver, clock: Clock) {
  const now = () => clock.now();
  const accessPolicy = await createAccessPolicy({ pool, listenUrl: url, now });
  const relayGate = createRelayGate({
    pool,
    policy: accessPolicy,
    settings: () => ({ minutes: 180, notClients: [] }),
    now,
  });
  const blockListSettings: BlockListSettings = { block: [], allow: [], isFinal: false };
  const blockLists = createBlockLists({ resolver, settings: () => blockListSettings, clock });
  return { accessPolicy, relayGate, blockListSettings, blockLists };
}

/** Who is here, and who may sign in. */
async function openPeople(
  { url, pool }: TestStore,
  db: PrismaClient,
  hostname: string,
  postmaster: MailServer['postmaster'],
) {
  const now = () => new Date();
  const standIn = { hostname, address: () => postmaster.address };
  const directory = await createDirectory({ pool, listenUrl: url, postmaster: standIn });
  const accountWatch = await createAccountWatch({ pool, listenUrl: url, now });
  return { directory, accountWatch, authenticator: createAuthenticator({ db, secret: SECRET, now }) };
}

type Handlers = Readonly<Record<ServiceName, ServiceHandler>>;

async function openListeners(
  handlers: Handlers,
  access: AccessPolicy,
  options: MailServerOptions,
): Promise<Map<ServiceName, Listener>> {
  const deps = { tls: await createTestTls(), log: options.log ?? logger('mail-test'), lingerMs: 200 };
  const common = {
    bind: ['127.0.0.1'],
    port: 0,
    gate: gateOf({ maxConnections: 500 }),
    busyLine: '421 busy',
  };
  const open = new Map<ServiceName, Listener>();
  for (const [name, handler] of Object.entries(handlers) as [ServiceName, ServiceHandler][]) {
    const implicitTls = name === 'submissions' || name === 'pop3s';
    const proxies = createNetworkSet(options.proxied ? ['127.0.0.1'] : []);
    const policy = name === 'mx' ? { access: options.access ?? access, proxies } : { proxies };
    open.set(name, await listen({ ...common, service: name, implicitTls, handler, policy }, deps));
  }
  return open;
}

async function readInbox({ store }: TestStore, accountId: number): Promise<string[]> {
  const inbox = await store.findFolder(accountId, 'INBOX');
  if (!inbox) throw new Error('no INBOX');
  const view = await store.openView(accountId, inbox.id);
  await view.refresh();
  const uids = view.entries.map((entry) => entry.uid);
  view.release();
  const messages: string[] = [];
  for (const uid of uids) messages.push((await readMessage(store, accountId, inbox.id, uid)).toString('latin1'));
  return messages;
}

function firstSettings(): SmtpSettings {
  return { maxMessageBytes: 1_000_000, maxRecipients: 100, futureReleaseSeconds: 86_400, checksFrom: true };
}

function firstCheckSettings(): CheckSettings {
  return {
    thresholds: { recipients: 0, wrong: 20 },
    receive: { perHour: 0, perDay: 0 },
    fullIsFinal: false,
    checksSenderDomain: false,
    logsAccepted: true,
  };
}

export async function openMailServer(clusterUrl: string, options: MailServerOptions = {}): Promise<MailServer> {
  const test = await openTestStore(clusterUrl);
  const db = createPrisma(test.url, 2);
  const accounts = await createHosted(db);
  const hostname = 'mx.test';
  const postmaster = { address: '' };
  const { directory, authenticator, accountWatch } = await openPeople(test, db, hostname, postmaster);
  const settings = firstSettings();
  const signInSettings: SignInSettings = { clearOnLoopback: false, cramMd5: false };
  const sending = openSending(test);
  const checkSettings = firstCheckSettings();
  const dns = await startDnsServer();
  const clock: Clock = {
    now: options.now ?? systemClock.now,
    setTimer: (ms, run) => (options.timers ?? systemClock).setTimer(ms, run),
  };
  const resolver = createResolver({ servers: [dns.server], clock, timeoutMs: 300, tries: 1 });
  const recipientCheck = createRecipientCheck({ pool: test.pool, resolver, clock, settings: () => checkSettings });
  const { accessPolicy, relayGate, blockListSettings, blockLists } = await openAccess(test, resolver, clock);
  const smtp: SmtpDeps = {
    hostname,
    intake: test.intake,
    directory,
    authenticator,
    accountWatch,
    recipientCheck,
    blockLists,
    relayOpenings: accessPolicy,
    sendGate: sending.sendGate,
    settings: () => settings,
    signInSettings: () => signInSettings,
    now: options.now ?? (() => new Date()),
    timers: clock,
    ...(options.smtpLimits && { limits: options.smtpLimits }),
  };
  const pop3: ServiceHandler = (connection) => {
    return servePop3Session(connection, {
      hostname,
      store: test.store,
      authenticator,
      accountWatch,
      relayGate,
      signInSettings: smtp.signInSettings,
      now: smtp.now,
      turn: new Turn(() => smtp.now().getTime()),
      ...(options.pop3Limits && { limits: options.pop3Limits }),
    });
  };
  const submission: ServiceHandler = (connection) => serveSession(connection, 'submission', smtp);
  const mx: ServiceHandler = (connection) => serveSession(connection, 'mx', smtp);
  const lmtp: ServiceHandler = (connection) => serveSession(connection, 'lmtp', smtp);
  const listeners = await openListeners(
    { mx, submission, submissions: submission, lmtp, pop3, pop3s: pop3 },
    accessPolicy,
    options,
  );
  const ports = Object.fromEntries([...listeners].map(([name, { port }]) => [name, port])) as MailServer['ports'];
  const stopListening = async () => {
    await Promise.all([...listeners.values()].map((listener) => listener.close(1_000)));
  };
  return {
    ...test,
    db,
    accounts,
    settings,
    checkSettings,
    signInSettings,
    postmaster,
    ...sending,
    zone: dns.zone,
    recipientCheck,
    accessPolicy,
    blockListSettings,
    ports,
    stopListening,
    connect: (service) => LineClient.connect(ports[service], { tls: service === 'submissions' || service === 'pop3s' }),
    readInbox: (localPart) => readInbox(test, accounts[localPart] ?? 0),
    close: async () => {
      await stopListening();
      await recipientCheck.close();
      resolver.close();
      await dns.close();
      await directory.close();
      await accountWatch.close();
      await accessPolicy.close();
      await db.$disconnect();
      await test.close();
    },
  };
}
