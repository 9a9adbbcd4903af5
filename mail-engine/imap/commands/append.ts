/** APPEND (RFC 3501 §6.3.11) with APPENDUID (RFC 4315 §3); one message at a time. */
import { type AppendWriter, StoreError } from '#engine/store/types.ts';
import { type AppendHead, appendHead } from '#engine/wire/imap/append-message.ts';
import { expectCommandEnd, pumpLiteral } from '../append-stream.ts';
import { AUTHENTICATED, type Completion, completed, defineCommand } from '../command.ts';
import { ImapError, ImapGoodbye } from '../errors.ts';
import { flagBits } from '../flags.ts';
import { discardCommand } from '../read-command.ts';
import type { ImapSession } from '../session.ts';

async function openWriter(session: ImapSession, head: AppendHead): Promise<AppendWriter> {
  const { sizeBytes, binary } = head.literal;
  // Outside UTF8 (…) a literal8 would be BINARY's (RFC 3516), which is not offered.
  if (binary !== head.utf8Data) throw new ImapError('BAD', undefined, 'This kind of literal is not taken here');
  if (sizeBytes > session.deps.limits.appendBytes) throw new ImapError('NO', 'TOOBIG', 'The message is too large');
  try {
    return await session.deps.store.append(session.requireAccountId(), head.mailbox, {
      flags: flagBits(head.flags.system),
      keywords: head.flags.keywords,
      internalDate: head.internalDate ?? new Date(),
      sizeBytes,
    });
  } catch (error) {
    const isMissing = error instanceof StoreError && error.code === 'nonexistent';
    throw isMissing ? new ImapError('NO', 'TRYCREATE', error.message) : error;
  }
}

/** A refusal before the first byte: a waiting client is simply told; of the others a message within the limits is dropped. */
async function refuse(session: ImapSession, head: AppendHead, error: unknown): Promise<never> {
  const { synchronizing, sizeBytes } = head.literal;
  if (!synchronizing && sizeBytes > session.deps.limits.appendBytes) throw new ImapGoodbye('The message is too large');
  if (!synchronizing) await discardCommand(session, head.literal, sizeBytes);
  throw error;
}

async function append(session: ImapSession, head: AppendHead): Promise<Completion> {
  const writer = await openWriter(session, head).catch((error: unknown) => refuse(session, head, error));
  try {
    if (head.literal.synchronizing) await session.requestContinuation('Ready for the message');
    await pumpLiteral(session, writer, head.literal.sizeBytes);
    await expectCommandEnd(session, head.utf8Data);
  } catch (error) {
    await writer.abort();
    throw error;
  }
  const { uidValidity, uid } = await writer.commit();
  await session.selected?.view.refresh();
  return completed('APPEND', `APPENDUID ${uidValidity} ${uid}`);
}

export const appendCommand = defineCommand({
  name: 'APPEND',
  states: AUTHENTICATED,
  streamsLiteral: true,
  parse: (cursor, session) => {
    cursor.SP();
    return appendHead(cursor, session.utf8);
  },
  run: append,
});
