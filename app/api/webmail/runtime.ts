/** Webmail's part of the web process: mail servers, connections, uploads and sendings, one of each, whatever bundle asks. */
import { type AccessTokens, createAccessTokens } from '#server/auth/access-token.ts';
import { findLiveSessions } from '#server/auth/web-session.ts';
import { logger } from '#server/logger.ts';
import { createSendings, type Sendings } from '#server/webmail/compose/sendings.ts';
import { uploadFolder } from '#server/webmail/compose/upload-folder.ts';
import { createUploads, type Uploads } from '#server/webmail/compose/uploads.ts';
import { createMailClients, type MailClients } from '#server/webmail/connection/mail-clients.ts';
import { findMailServers, type MailServers } from '#server/webmail/connection/mail-servers.ts';
import { container } from '@/container.ts';

export interface WebmailRuntime {
  servers: MailServers;
  clients: MailClients;
  uploads: Uploads;
  sendings: Sendings;
  tokens: AccessTokens;
}

const KEY = Symbol.for('mailstead.webmail');

function createRuntime(): WebmailRuntime {
  const { config, secret, db, now } = container();
  const servers = findMailServers(config);
  const log = logger('webmail');
  return {
    servers,
    clients: createMailClients(servers.imap, log),
    uploads: createUploads({
      folder: uploadFolder(config.varDir),
      now,
      findLiveSessions: (ids) => findLiveSessions({ db, now }, ids),
      log,
    }),
    sendings: createSendings({ now }),
    tokens: createAccessTokens({ secret, now }),
  };
}

export function webmailRuntime(): WebmailRuntime {
  const holder = globalThis as { [KEY]?: WebmailRuntime };
  holder[KEY] ??= createRuntime();
  return holder[KEY];
}

/** For sign-out: closes the session's mail connections and removes what it uploaded. */
export async function closeWebmailSession(sessionId: string): Promise<void> {
  const { clients, uploads } = webmailRuntime();
  clients.closeSession(sessionId);
  await uploads.closeSession(sessionId);
}
