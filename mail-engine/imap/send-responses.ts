/**
 * Untagged responses, however many: they are made as they are sent, in pieces, as fast as the client takes them. Nothing but one piece
 * is held, whatever a folder's changes come to, and the other sessions have their turns in between.
 */
import type { ImapSession } from './session.ts';

const PIECE_CHARACTERS = 64 * 1024;

/** Each of `responses` is whole, or empty. */
export async function sendResponses(
  session: Pick<ImapSession, 'send' | 'turn'>,
  responses: Iterable<string>,
): Promise<void> {
  let piece = '';
  for (const response of responses) {
    await session.turn.giveWay();
    piece += response;
    if (piece.length < PIECE_CHARACTERS) continue;
    await session.send(piece);
    piece = '';
  }
  if (piece !== '') await session.send(piece);
}
