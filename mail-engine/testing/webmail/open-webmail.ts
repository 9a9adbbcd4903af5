/** Webmail's IMAP side against the real engine in a process of its own, on a database of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { type EngineProcess, startEngineProcess, TEST_SECRET } from '#engine/testing/engine-process.ts';
import { cloneDatabase } from '#prisma/testing/clone-database.ts';
import { createAccount } from '#server/accounts/create-account.ts';
import { SYSTEM } from '#server/actor/actor.ts';
import { createAccessTokens } from '#server/auth/access-token.ts';
import { createWebSession, findLiveSessions } from '#server/auth/web-session.ts';
import { readConfig } from '#server/config.ts';
import { createPrisma, type PrismaClient } from '#server/database/prisma.ts';
import { createDomain } from '#server/domains/create-domain.ts';
import { logger } from '#server/logger.ts';
import type { SendContext } from '#server/webmail/compose/send-message.ts';
import { createSendings } from '#server/webmail/compose/sendings.ts';
import { createUploads, type Uploads } from '#server/webmail/compose/uploads.ts';
import type { MailIdentity } from '#server/webmail/connection/imap-connection.ts';
import type { MailClient } from '#server/webmail/connection/mail-client.ts';
import { createMailClients, type MailClients } from '#server/webmail/connection/mail-clients.ts';
import { findMailServers } from '#server/webmail/connection/mail-servers.ts';

export interface Owner {
  address: string;
  sessionId: string;
  accountId: bigint;
  identity: MailIdentity;
  mail: MailClient;
  context: SendContext;
}

export interface TestWebmail {
  db: PrismaClient;
  engine: EngineProcess;
  clients: MailClients;
  uploads: Uploads;
  /** Makes the mailbox `name@harbour.example` and signs its owner in. */
  signIn(name: string): Promise<Owner>;
  /** Delivers by SMTP from outside. */
  deliver(message: SendMailOptions): Promise<void>;
  close(): Promise<void>;
}

const now = () => new Date();

export async function openWebmail(clusterUrl: string): Promise<TestWebmail> {
  const database = await cloneDatabase(clusterUrl);
  const engine = await startEngineProcess({ databaseUrl: database.url });
  const db = createPrisma(database.url, 3);
  const operation = { db, actor: SYSTEM, now };
  const domain = await createDomain(operation, { name: 'harbour.example' });
  const servers = findMailServers(
    readConfig({
      MAILSTEAD_TLS_CERT: engine.certFile,
      MAILSTEAD_WEBMAIL_IMAP: `localhost:${engine.ports.imap}`,
      MAILSTEAD_WEBMAIL_SUBMISSION: `localhost:${engine.ports.submission}`,
    }),
  );
  const clients = createMailClients(servers.imap, logger('webmail-test'));
  const varDir = mkdtempSync(join(tmpdir(), 'mailstead-webmail-'));
  const uploads = createUploads({
    folder: join(varDir, 'uploads'),
    now,
    findLiveSessions: (ids) => findLiveSessions({ db, now }, ids),
    log: logger('webmail-test'),
  });
  const sendings = createSendings({ now });
  const tokens = createAccessTokens({ secret: TEST_SECRET, now });
  const outside = createTransport({ host: '127.0.0.1', port: engine.ports.smtp, ignoreTLS: true });

  async function signIn(name: string): Promise<Owner> {
    const password = 'quiet-anchor-42-lantern';
    const { account } = await createAccount(operation, { domainId: domain.id, localPart: name, password });
    const { address } = account;
    const accountId = BigInt(account.id);
    const { id: sessionId } = await createWebSession({ db, now }, { accountId }, {});
    const identity = { sessionId, address, issueToken: () => tokens.issueAccessToken({ sessionId, accountId }) };
    const mail = clients.of(identity);
    const from = { name: `The ${name}`, address };
    const log = logger('webmail-test');
    const context = { mail, uploads, sessionId, from, now, identity, submission: servers.submission, sendings, log };
    return { address, sessionId, accountId, identity, mail, context };
  }

  return {
    db,
    engine,
    clients,
    uploads,
    signIn,
    deliver: async (message) => {
      await outside.sendMail(message);
    },
    close: async () => {
      clients.close();
      uploads.close();
      rmSync(varDir, { recursive: true });
      outside.close();
      await db.$disconnect();
      await engine.end('SIGTERM');
      await database.drop();
    },
  };
}

/** The watch's waiting, short. */
export async function waitBriefly(_ms: number, signal: AbortSignal): Promise<void> {
  await sleep(20, undefined, { signal }).catch(() => undefined); // an aborted wait has waited long enough
}
