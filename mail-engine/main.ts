/**
 * The engine's composition root: `node mail-engine/main.ts`, configured by environment (`server/config.ts`). Binds every port first,
 * then composes the engine on the database, gives up root, and only then serves: connections that come earlier wait.
 *
 * Says `{ kind: 'ready', ports }` to its parent, or `{ kind: 'failed', reason }` before it exits with 1.
 */
import { readFile } from 'node:fs/promises';
import { createNamedCertificates } from '#engine/net/named-certificates.ts';
import type { TlsProvider } from '#engine/net/tls-provider.ts';
import type { Listener, ServiceHandler } from '#engine/net/types.ts';
import { type Config, readConfig, type Service } from '#server/config.ts';
import { logger } from '#server/logger.ts';
import { createCleanup } from './process/cleanup.ts';
import { createConnectionPolicy } from './process/connection-policy.ts';
import { exitOnFault, stopOnRequest } from './process/endings.ts';
import { createEngine, type Engine } from './process/engine.ts';
import { startHeartbeat } from './process/heartbeat.ts';
import { warnOfFewFiles } from './process/open-files.ts';
import { openListeners } from './process/open-listeners.ts';
import { openCertificate } from './process/own-certificate.ts';
import { becomeUser, findUnprivilegedUser } from './process/unprivileged-user.ts';

const log = logger('engine');
const CONNECTION_GRACE_MS = 4_000;

type Handlers = Engine['handlers'];

function requireConfigured(value: string | undefined, variable: string): string {
  if (value === undefined) throw new Error(`${variable} is not set: the engine needs it`);
  return value;
}

function reloadOnHangup(tls: TlsProvider): void {
  process.on('SIGHUP', () => {
    const done = () => log.info('certificate read again');
    const failed = (error: unknown) => log.error({ err: error }, 'certificate not read, the old one stays in use');
    void tls.reload().then(done, failed);
  });
}

async function readVersion(): Promise<string> {
  const text = await readFile(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

function portsOf(listeners: ReadonlyMap<Service, Listener>): Record<string, number> {
  return Object.fromEntries([...listeners].map(([service, listener]) => [service, listener.port]));
}

async function run(config: Config): Promise<void> {
  const databaseUrl = requireConfigured(config.databaseUrl, 'DATABASE_URL');
  const secret = requireConfigured(config.secret, 'MAILSTEAD_SECRET');
  const version = await readVersion();
  const user = await findUnprivilegedUser(config.runAsUser, log);
  const tls = await openCertificate(config, user, log);
  const policy = createConnectionPolicy();
  const serving = Promise.withResolvers<Handlers>();
  const handlerOf = (service: Service): ServiceHandler => {
    return async (connection) => (await serving.promise)[service](connection);
  };
  const { bind, lmtpBind, ports } = config;
  const listeners = await openListeners({
    bind,
    lmtpBind,
    ports,
    policy,
    ready: serving.promise,
    tls,
    log: logger('net'),
    handlerOf,
  });
  const cleanup = createCleanup(log);
  stopOnRequest(() => cleanup.run(), log);
  const engine = await createEngine({ config, databaseUrl, secret, smtpPort: listeners.get('smtp')?.port, cleanup });
  policy.follow({ settings: engine.settings, access: engine.accessPolicy, reverseLookup: engine.reverseLookup });
  const named = await createNamedCertificates({
    pool: engine.pool,
    listenUrl: databaseUrl,
    secret,
    hostname: config.hostname,
    log,
  });
  cleanup.add('certificates', () => named.close());
  tls.follow(named);
  if (user) becomeUser(user);
  const open = [...listeners.values()];
  const gates = Object.values(policy.gates);
  const heartbeat = await startHeartbeat({ pool: engine.pool, log, version, bind, listeners: open, gates });
  warnOfFewFiles(gates, log);
  cleanup.add('heartbeat', () => heartbeat.stop());
  await engine.start();
  cleanup.add('listeners', () => Promise.all(open.map((listener) => listener.close(CONNECTION_GRACE_MS))));
  cleanup.add('deliveries', async () => engine.stopDelivering());
  reloadOnHangup(tls);
  serving.resolve(engine.handlers);
  log.info({ ports: portsOf(listeners), user: user?.name, node: heartbeat.id, version }, 'engine ready');
  process.send?.({ kind: 'ready', ports: portsOf(listeners) });
}

exitOnFault(log);
try {
  await run(readConfig(process.env));
} catch (error) {
  const reason = (error as Error).message;
  log.fatal({ err: error }, `engine did not start: ${reason}`);
  if (process.send) process.send({ kind: 'failed', reason }, () => process.exit(1));
  else process.exit(1);
}
