/** The real service on a real socket, with the real store and authenticator on a database of its own. */
import { listen } from '#engine/net/listener.ts';
import { gateOf } from '#engine/net/testing/gate.ts';
import { createTestTls } from '#engine/net/testing/test-tls.ts';
import { Turn } from '#engine/net/turn.ts';
import type { Listener } from '#engine/net/types.ts';
import type { SignInSettings } from '#engine/sasl/types.ts';
import { openTestStore, type TestStore } from '#engine/store/testing/open-test-store.ts';
import type { Store } from '#engine/store/types.ts';
import { createAccountWatch } from '#server/auth/account-watch.ts';
import { createAuthenticator } from '#server/auth/create-authenticator.ts';
import { createAccountCredentials } from '#server/auth/password.ts';
import { createPrisma } from '#server/database/prisma.ts';
import { logger } from '#server/logger.ts';
import { DEFAULT_IMAP_LIMITS, type ImapLimits } from '../limits.ts';
import { createImapService } from '../service.ts';

export const PASSWORD = 'correct horse';
export const SECRET = 'a secret of at least thirty-two characters';

export interface ImapServer extends TestStore {
  /** Clear, with STARTTLS. */
  port: number;
  tlsPort: number;
  accountId: number;
  domainId: number;
  address: string;
  addAccount(address: string, quotaBytes?: number): Promise<number>;
  /** The port of a second engine on the same database; closed with the first. */
  openSecondEngine(): Promise<number>;
  stopListening(): Promise<void>;
}

export interface ServerOptions {
  limits?: Partial<ImapLimits>;
  /** Clear text on loopback is allowed unless said otherwise. */
  signIn?: Partial<SignInSettings>;
  /** The sessions' clock. */
  now?: () => Date;
}

export async function openImapServer(clusterUrl: string, options: ServerOptions = {}): Promise<ImapServer> {
  const test = await openTestStore(clusterUrl);
  const db = createPrisma(test.url, 2);
  const credentials = await createAccountCredentials(PASSWORD);
  const addAccount = async (address: string, quotaBytes = 0) => {
    const made = await test.createAccount(address, quotaBytes);
    await db.account.update({ where: { id: BigInt(made.accountId) }, data: credentials });
    return made;
  };
  const address = 'anna@one.example';
  const account = await addAccount(address);
  const accountWatch = await createAccountWatch({ pool: test.pool, listenUrl: test.url, now: () => new Date() });
  const now = options.now ?? (() => new Date());
  const turn = new Turn(() => now().getTime());
  const createHandler = (store: Store) =>
    createImapService({
      store,
      authenticator: createAuthenticator({ db, secret: SECRET, now: () => new Date() }),
      accountWatch,
      hostname: 'mail.test',
      limits: { ...DEFAULT_IMAP_LIMITS, ...options.limits },
      signInSettings: () => ({ clearOnLoopback: true, cramMd5: false, ...options.signIn }),
      now,
      turn,
    });
  const handler = createHandler(test.store);
  const deps = { tls: await createTestTls(), log: logger('imap-test'), lingerMs: 200 };
  const bind = { bind: ['127.0.0.1'], port: 0, gate: gateOf({ maxConnections: 500 }), busyLine: '* BYE' };
  const listeners: Listener[] = [
    await listen({ ...bind, service: 'imap', implicitTls: false, handler }, deps),
    await listen({ ...bind, service: 'imaps', implicitTls: true, handler }, deps),
  ];
  const others: { close: () => Promise<void> }[] = [];
  const openSecondEngine = async () => {
    const other = await test.openAnother();
    others.push(other);
    const listener = await listen(
      { ...bind, service: 'imap', implicitTls: false, handler: createHandler(other.store) },
      deps,
    );
    listeners.push(listener);
    return listener.port;
  };
  const stopListening = async () => {
    for (const listener of listeners.splice(0)) await listener.close(500);
  };
  return {
    ...test,
    ...account,
    address,
    port: listeners[0]?.port ?? 0,
    tlsPort: listeners[1]?.port ?? 0,
    addAccount: async (name, quota) => (await addAccount(name, quota)).accountId,
    openSecondEngine,
    stopListening,
    close: async () => {
      await stopListening();
      for (const other of others) await other.close();
      await accountWatch.close();
      await db.$disconnect();
      await test.close();
    },
  };
}
