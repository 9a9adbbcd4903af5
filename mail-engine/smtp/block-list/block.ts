/**
 * Who is refused as a client, as rblsmtpd(1) did it: the session is greeted and may say everything but its mail, which is refused
 * with the same words each time. RBLSMTPD of the access rules decides where it is set (empty: nobody is asked); else the block lists.
 */
import { type Reply, reply, SmtpRefusal } from '../reply.ts';
import type { SmtpSession } from '../types.ts';

/** Commands by which mail comes. What follows BDAT has to be read, so it answers for itself: nothing has a recipient here. */
const REFUSED: ReadonlySet<string> = new Set(['MAIL', 'RCPT', 'DATA']);

const FOR_NOW = { code: 451, enhanced: '4.7.1' } as const;
const FOR_GOOD = { code: 553, enhanced: '5.7.1' } as const;

function tell({ connection }: SmtpSession, { code, lines }: Reply, zone: string | null): void {
  const text = lines[0] ?? '';
  connection.log.info({ zone }, `rblsmtpd: ${connection.peer.address} pid ${process.pid}: ${code} ${text}`);
}

async function decideBlock(session: SmtpSession): Promise<Reply | null> {
  const { client, connection, deps, role } = session;
  if (role === 'lmtp' || client.blockText === '') return null;
  if (client.blockText !== null) {
    const isFinal = client.blockText.startsWith('-');
    const { code, enhanced } = isFinal ? FOR_GOOD : FOR_NOW;
    const answer = reply(code, enhanced, isFinal ? client.blockText.slice(1) : client.blockText);
    tell(session, answer, null);
    return answer;
  }
  const listing = role === 'mx' ? await deps.blockLists?.find(connection.peer.address) : undefined;
  if (!listing) return null;
  const { code, enhanced } = deps.blockLists?.isFinal ? FOR_GOOD : FOR_NOW;
  const answer = reply(code, enhanced, listing.text);
  tell(session, answer, listing.zone);
  return answer;
}

/** Never rejects: nobody may be waiting for it. */
async function findBlock(session: SmtpSession): Promise<Reply | null> {
  try {
    return await decideBlock(session);
  } catch (error) {
    session.connection.log.error({ err: error }, 'whether the client is blocked could not be found out');
    return null;
  }
}

/** Begins with the session, so that the lists have answered when mail comes. */
export function watchBlock(session: SmtpSession): void {
  const found = findBlock(session);
  session.block = found;
  void found.then((answer) => {
    session.block = answer;
  });
}

export function mayBeBlocked({ block }: SmtpSession, verb: string): boolean {
  return block !== null && REFUSED.has(verb);
}

/** Throws the refusal of a command that would bring mail from a client that is refused. */
export async function requireUnblocked({ block }: SmtpSession): Promise<void> {
  const answer = await block;
  if (answer !== null) throw new SmtpRefusal(answer);
}
