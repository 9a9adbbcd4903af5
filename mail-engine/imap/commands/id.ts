import type { Cursor } from '#engine/wire/imap/cursor.ts';
import { ANY_STATE, completed, defineCommand } from '../command.ts';

const MAX_FIELDS = 30;

/** `NIL` or `("name" "value" …)`; what the client says of itself is not kept. */
function idParameters(cursor: Cursor): void {
  cursor.SP();
  if (cursor.takeText('NIL') || cursor.takeText('()')) return;
  const fields = cursor.parenthesized(() => {
    cursor.string();
    cursor.SP();
    cursor.nstring();
  });
  if (fields.length > MAX_FIELDS) cursor.fail('Too many ID fields');
}

/** RFC 2971 §3.1. No version: it helps attackers more than clients. */
export const idCommand = defineCommand({
  name: 'ID',
  states: ANY_STATE,
  parse: idParameters,
  run: async (session) => {
    await session.untagged('ID ("name" "Mailstead")');
    return completed('ID');
  },
});
