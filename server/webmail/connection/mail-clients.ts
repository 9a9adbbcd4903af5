/** All web sessions' mail clients: found by session, bounded in number, closed on sign-out and when unused. */
import { OperationError } from '../../actor/errors.ts';
import type { Logger } from '../../logger.ts';
import { connectImap, type MailIdentity } from './imap-connection.ts';
import { MailClient } from './mail-client.ts';
import type { MailServer } from './mail-servers.ts';

export interface MailClients {
  /** The session's client, made at first use. */
  of(identity: MailIdentity): MailClient;
  /** Sign-out: closes the session's connections at once. */
  closeSession(sessionId: string): void;
  close(): void;
}

/** With three workers and a watcher each, some 8,000 connections at most. */
const MAX_SESSIONS = 2_000;

export function createMailClients(server: MailServer, log: Logger): MailClients {
  const clients = new Map<string, MailClient>();

  function end(sessionId: string): void {
    const client = clients.get(sessionId);
    if (!client) return;
    clients.delete(sessionId);
    client.close();
  }

  function create(identity: MailIdentity): MailClient {
    if (clients.size >= MAX_SESSIONS) {
      throw new OperationError('unavailable', 'Too many people are reading mail just now. Try again soon.');
    }
    const client: MailClient = new MailClient({
      connect: (idles) => connectImap({ server, identity, log, idles }),
      // Whoever still holds the client may go on with it; the next request gets a new one.
      onIdle: () => {
        if (clients.get(identity.sessionId) === client) clients.delete(identity.sessionId);
      },
    });
    clients.set(identity.sessionId, client);
    return client;
  }

  return {
    of: (identity) => clients.get(identity.sessionId) ?? create(identity),
    closeSession: end,
    close: () => {
      for (const sessionId of [...clients.keys()]) end(sessionId);
    },
  };
}
