/**
 * Composes the engine on one database: store, intake, directory, sign-in, queue, upkeep, and a handler per service. Nothing here listens
 * or delivers yet: `start` begins the queue's and the upkeep's work, and handlers are called by whoever owns the ports.
 */
import { createResolver } from '#engine/dns/resolver.ts';
import { createHoldKeeper } from '#engine/held-mail/hold-keeper.ts';
import { DEFAULT_IMAP_LIMITS } from '#engine/imap/limits.ts';
import { createImapService } from '#engine/imap/service.ts';
import { createIntake } from '#engine/intake/create-intake.ts';
import { createReverseLookup, type ReverseLookup } from '#engine/net/reverse-lookup.ts';
import { Turn } from '#engine/net/turn.ts';
import type { ServiceHandler } from '#engine/net/types.ts';
import { servePop3Session } from '#engine/pop3/serve-session.ts';
import { createQueuedAnnouncer } from '#engine/queue/announce-queued.ts';
import { systemClock } from '#engine/queue/clock.ts';
import { createQueueRunner } from '#engine/queue/runner.ts';
import { type BlockLists, createBlockLists } from '#engine/smtp/block-list/create-block-lists.ts';
import { createRecipientCheck, watchCheckSettings } from '#engine/smtp/recipient-check/create-recipient-check.ts';
import { serveSession as serveSmtpSession } from '#engine/smtp/serve-session.ts';
import { createStore } from '#engine/store/create-store.ts';
import { startUpkeep } from '#engine/upkeep/start-upkeep.ts';
import { createAccessPolicy } from '#server/access-rules/policy/create-access-policy.ts';
import { createRelayGate } from '#server/access-rules/pop-before-smtp/open-relay.ts';
import type { AccessPolicy } from '#server/access-rules/types.ts';
import { createAccountWatch } from '#server/auth/account-watch.ts';
import { createAuthenticator } from '#server/auth/create-authenticator.ts';
import { createBanList, withBans } from '#server/bans/create-ban-list.ts';
import type { Config, Service } from '#server/config.ts';
import { createPool } from '#server/database/pool.ts';
import { createPrisma } from '#server/database/prisma.ts';
import { createDirectory } from '#server/directory/create-directory.ts';
import { createSendGate, type SendGateLimits } from '#server/send-limits/create-send-gate.ts';
import { defaultLimits } from '#server/send-limits/measures.ts';
import { createSettings, type Settings } from '#server/settings/create-settings.ts';
import { pruneRecords } from '#server/upkeep/prune-records.ts';
import { type Cleanup, together } from './cleanup.ts';
import { requireDurable } from './require-durable.ts';

/** Connections of the shared pool: reads of all sessions, the queue, the directory. */
const POOL_SIZE = 20;
const PRISMA_CONNECTIONS = 5;
/** For replies to messages that are out: as long as a stop can wait and still write down what they say (`LONGEST_STOP_MS`). */
const QUEUE_GRACE_MS = 7_000;

const now = () => new Date();

export interface EngineOptions {
  config: Config;
  databaseUrl: string;
  secret: string;
  /** Where our own SMTP service really listens: mail to ourselves never leaves by it. */
  smtpPort: number | undefined;
  cleanup: Cleanup;
}

export interface Engine {
  pool: ReturnType<typeof createPool>;
  settings: Settings;
  reverseLookup: ReverseLookup;
  accessPolicy: AccessPolicy;
  handlers: Readonly<Record<Service, ServiceHandler>>;
  start(): Promise<void>;
  /** The first thing of a stop: deliveries get the time that the others take to close. */
  stopDelivering(): void;
}

async function createFoundations({ config, databaseUrl, cleanup }: EngineOptions) {
  const pool = createPool({ connectionString: databaseUrl, max: POOL_SIZE });
  cleanup.add('database pool', () => pool.end());
  await requireDurable(pool);
  const settings = await createSettings({ pool, listenUrl: databaseUrl });
  cleanup.add('settings', () => settings.close());
  const db = createPrisma(databaseUrl, PRISMA_CONNECTIONS);
  cleanup.add('database client', () => db.$disconnect());
  // Asked once before privileges are given up: the client loads parts of itself at its first query.
  await db.domain.count();
  const separators = () => settings.get('smtp.extensionSeparators').join('');
  const postmaster = { hostname: config.hostname, address: () => settings.get('smtp.postmaster') };
  const directory = await createDirectory({ pool, listenUrl: databaseUrl, separators, postmaster });
  cleanup.add('directory', () => directory.close());
  const accountWatch = await createAccountWatch({ pool, listenUrl: databaseUrl, now });
  cleanup.add('account watch', () => accountWatch.close());
  const accessPolicy = await createAccessPolicy({ pool, listenUrl: databaseUrl, now });
  cleanup.add('access rules', () => accessPolicy.close());
  const bans = await createBanList({ pool, listenUrl: databaseUrl, now });
  cleanup.add('bans', () => bans.close());
  const relayGate = createRelayGate({
    pool,
    policy: accessPolicy,
    settings: () => ({
      minutes: settings.get('smtp.popBeforeSmtpMinutes'),
      notClients: [...settings.get('connections.proxyNetworks'), ...settings.get('connections.ownNetworks')],
    }),
    now,
  });
  const store = await createStore({ pool, listenUrl: databaseUrl });
  cleanup.add('store', () => store.close());
  const onQueued = createQueuedAnnouncer(pool);
  const intake = createIntake({
    store,
    get queueLifetimeMs() {
      return settings.get('queue.expiryHours') * 3_600_000;
    },
    onQueued,
  });
  cleanup.add('intake', () => intake.close());
  return { pool, settings, db, directory, accountWatch, accessPolicy, bans, relayGate, store, intake, onQueued };
}

type Foundations = Awaited<ReturnType<typeof createFoundations>>;

function limitSending({ pool, settings, intake, onQueued }: Foundations, hostname: string) {
  const holdKeeper = createHoldKeeper({ pool, intake, hostname, now, onQueued });
  const limits = (): SendGateLimits => ({
    defaults: defaultLimits(settings.values()),
    maxHeldMessages: settings.get('limits.heldMessages'),
    maxHeldBytes: settings.get('limits.heldBytes'),
  });
  return { holdKeeper, sendGate: createSendGate({ pool, limits, now, onHold: () => holdKeeper.wake() }) };
}

/** A resolver of its own: what it keeps of strangers' addresses must not push out what the queue knows of its destinations. */
function openBlockLists({ config, cleanup }: EngineOptions, { settings }: Foundations): BlockLists {
  const resolver = createResolver({ servers: config.dnsServers, clock: systemClock, timeoutMs: 2_000, tries: 2 });
  cleanup.add('block lists', async () => resolver.close());
  const read = () => ({
    block: settings.get('smtp.blockLists'),
    allow: settings.get('smtp.allowLists'),
    isFinal: settings.get('smtp.blockListReply') === 'final',
  });
  return createBlockLists({ resolver, settings: read, clock: systemClock });
}

export async function createEngine(options: EngineOptions): Promise<Engine> {
  const { config, databaseUrl, secret, smtpPort, cleanup } = options;
  const { hostname } = config;
  const foundations = await createFoundations(options);
  const { pool, settings, db, directory, accountWatch, accessPolicy, bans, relayGate, store, intake } = foundations;
  const authenticator = createAuthenticator({ db, secret, now });
  const resolver = createResolver({ servers: config.dnsServers, clock: systemClock });
  cleanup.add('resolver', async () => resolver.close());
  const { holdKeeper, sendGate } = limitSending(foundations, hostname);
  const queue = createQueueRunner({
    pool,
    listenUrl: databaseUrl,
    intake,
    directory,
    resolver,
    settings,
    sendGate,
    hostname,
    remotePort: config.remoteSmtpPort,
    ownSmtpPort: smtpPort,
  });
  const signInSettings = () => ({
    clearOnLoopback: settings.get('auth.allowClearOnLoopback'),
    cramMd5: settings.get('auth.cramMd5'),
  });
  const smtpSettings = () => ({
    maxMessageBytes: settings.get('mail.maxMessageBytes'),
    maxRecipients: settings.get('mail.maxRecipients'),
    futureReleaseSeconds: settings.get('mail.futureReleaseDays') * 86_400,
    checksFrom: settings.get('mail.submissionChecksFrom'),
  });
  const recipientCheck = createRecipientCheck({
    pool,
    resolver,
    clock: systemClock,
    settings: watchCheckSettings(settings),
  });
  cleanup.add('recipient check', () => recipientCheck.close());
  const smtpDeps = {
    hostname,
    intake,
    directory,
    authenticator,
    accountWatch,
    recipientCheck,
    blockLists: openBlockLists(options, foundations),
    relayOpenings: accessPolicy,
    sendGate,
    settings: smtpSettings,
    signInSettings,
    now,
  };
  const imapLimits = {
    ...DEFAULT_IMAP_LIMITS,
    get appendBytes() {
      return settings.get('mail.maxMessageBytes');
    },
  };
  const mx: ServiceHandler = (connection) => serveSmtpSession(connection, 'mx', smtpDeps);
  const submission: ServiceHandler = (connection) => serveSmtpSession(connection, 'submission', smtpDeps);
  const lmtp: ServiceHandler = (connection) => serveSmtpSession(connection, 'lmtp', smtpDeps);
  const turn = new Turn();
  const readingDeps = { hostname, store, authenticator, accountWatch, relayGate, signInSettings, now, turn };
  const pop3: ServiceHandler = (connection) => servePop3Session(connection, readingDeps);
  const imap = createImapService({ ...readingDeps, limits: imapLimits });
  return {
    pool,
    settings,
    reverseLookup: createReverseLookup({ resolver }),
    accessPolicy: withBans(accessPolicy, bans),
    handlers: { smtp: mx, submission, submissions: submission, lmtp, imap, imaps: imap, pop3, pop3s: pop3 },
    start: async () => {
      const upkeep = startUpkeep({
        pool,
        pruneRecords: () => pruneRecords({ db, now }),
        keepHolds: () => holdKeeper.run(),
      });
      // None waits for another: the queue's grace is not to begin only when a chore has ended.
      cleanup.add('queue and upkeep', () => {
        return together(queue.close(QUEUE_GRACE_MS), holdKeeper.close(), upkeep.close());
      });
      await queue.start();
    },
    stopDelivering: () => queue.stop(QUEUE_GRACE_MS),
  };
}
