/** One authenticated IMAP connection, bounded in what it reads and how long it waits. */
import { ImapFlow } from 'imapflow';
import type { Logger } from '../../logger.ts';
import type { MailServer } from './mail-servers.ts';

/** Who the connection is for, and how it gets a token that is still fresh when it is used. */
export interface MailIdentity {
  /** The web session; connections live and die with it. */
  sessionId: string;
  address: string;
  issueToken: () => Promise<string>;
}

export interface ImapConnectionOptions {
  server: MailServer;
  identity: MailIdentity;
  log: Logger;
  /** Stays in IDLE whenever nothing else is asked of it. */
  idles: boolean;
}

const CONNECT_TIMEOUT_MS = 10_000;
const SOCKET_TIMEOUT_MS = 120_000;
const IDLE_RENEWAL_MS = 90_000;
const MAX_LITERAL_BYTES = 64 * 1024 * 1024;
const MAX_LINE_BYTES = 16 * 1024 * 1024;

/** Connects, upgrades to TLS and signs in by OAUTHBEARER (RFC 7628). Throws imapflow's errors. */
export async function connectImap({ server, identity, log, idles }: ImapConnectionOptions): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: server.host,
    port: server.port,
    secure: server.implicitTls,
    ...(!server.implicitTls && { doSTARTTLS: true }),
    tls: await server.tlsOptions(),
    auth: { user: identity.address, accessToken: await identity.issueToken() },
    clientInfo: { name: 'Mailstead webmail' },
    logger: false,
    disableCompression: true,
    disableAutoIdle: !idles,
    autoIdleDelay: 50,
    maxIdleTime: IDLE_RENEWAL_MS,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    greetingTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SOCKET_TIMEOUT_MS,
    maxLineLength: MAX_LINE_BYTES,
    maxLiteralSize: MAX_LITERAL_BYTES,
    maxResponseSize: MAX_LITERAL_BYTES + MAX_LINE_BYTES,
  });
  client.on('error', (error: Error) => log.info({ err: error.message }, 'IMAP connection lost'));
  await client.connect();
  return client;
}
