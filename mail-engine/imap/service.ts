/** The IMAP4rev1 server (RFC 3501): one session per connection, all state in the store. */
import type { ServiceHandler } from '#engine/net/types.ts';
import { type Logger, logger } from '#server/logger.ts';
import { AccountPlaces } from './account-places.ts';
import { serveSession } from './loop.ts';
import { type ImapDeps, ImapSession } from './session.ts';

export interface ImapServiceOptions extends ImapDeps {
  log?: Logger;
}

export function createImapService(options: ImapServiceOptions): ServiceHandler {
  const log = options.log ?? logger('imap');
  const places = new AccountPlaces(options.limits.sessionsPerAccount);
  return async (connection) => {
    const child = log.child({ cid: connection.id, peer: connection.peer.address });
    await serveSession(new ImapSession(connection, options, places, child));
  };
}
