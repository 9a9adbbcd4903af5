/**
 * Reads one whole command, literals included, before anything acts on it. A synchronizing literal that cannot be taken is refused
 * before its bytes are sent; of a non-synchronizing one (RFC 7888) a bounded number of bytes is dropped, more ends the session.
 */
import { BoundedCommand, type NextStep } from '#engine/wire/imap/bounded-command.ts';
import { findLiteralAnnouncement, type LiteralAnnouncement } from '#engine/wire/imap/literal.ts';
import { ImapError, ImapGoodbye } from './errors.ts';
import type { ImapSession } from './session.ts';

/** True where the command read so far takes its last literal itself, as a stream. */
export type StreamsLiteral = (bytes: Buffer) => boolean;

const DRAIN_CHUNK = 64 * 1024;
/**
 * Before a streamed literal stands at most one other, APPEND's mailbox. Each look parses all that came so far, so a command made
 * of thousands of literals is looked at no further.
 */
const STREAMABLE_LITERALS = 2;

export async function readLine(session: ImapSession): Promise<Buffer> {
  session.requireLoginInTime();
  return await session.connection.readLine(session.commandLimits.lineBytes, session.timeoutMs);
}

/** Reads `sizeBytes` and forgets them. */
export async function drainLiteral(session: ImapSession, sizeBytes: number): Promise<void> {
  let left = sizeBytes;
  while (left > 0) {
    const bytes = await session.connection.readSome(Math.min(left, DRAIN_CHUNK), session.timeoutMs);
    left -= bytes.length;
  }
}

/** Drops the rest of a refused command, so that the next line read begins the next one. `extraBytes` may be dropped beyond the limit. */
export async function discardCommand(
  session: ImapSession,
  literal: LiteralAnnouncement,
  extraBytes = 0,
): Promise<void> {
  let budget = session.deps.limits.drainBytes + extraBytes;
  let announced: LiteralAnnouncement | undefined = literal;
  // A client that waits for `+` gets the tagged refusal instead and starts anew.
  while (announced && !announced.synchronizing) {
    budget -= announced.sizeBytes;
    if (budget < 0) throw new ImapGoodbye('Too many bytes in a refused literal');
    await drainLiteral(session, announced.sizeBytes);
    const line = await readLine(session);
    budget -= line.length;
    announced = findLiteralAnnouncement(line);
  }
}

async function takeLiteral(
  session: ImapSession,
  command: BoundedCommand,
  step: Extract<NextStep, { kind: 'literal' }>,
): Promise<void> {
  const { literal, fits } = step;
  if (literal.binary || !fits) {
    await discardCommand(session, literal);
    if (literal.binary) throw new ImapError('BAD', undefined, 'A literal8 is not taken here');
    throw new ImapError('BAD', 'TOOBIG', 'The command is too large');
  }
  if (literal.synchronizing) await session.requestContinuation('OK');
  if (literal.sizeBytes === 0) return;
  command.takeLiteral(await session.connection.readExactly(literal.sizeBytes, session.timeoutMs));
}

/**
 * The bytes of the next command. A refusal after its first line was read is thrown with `session.tag` set by `onFirstLine`,
 * so that it can be answered by name.
 */
export async function readCommand(
  session: ImapSession,
  onFirstLine: (line: Buffer) => void,
  streamsLiteral: StreamsLiteral,
): Promise<Buffer> {
  const command = new BoundedCommand(session.commandLimits);
  for (let lines = 0; ; lines += 1) {
    const line = await readLine(session);
    if (lines === 0) onFirstLine(line);
    const step = command.takeLine(line);
    if (step.kind === 'complete') return command.bytes;
    if (step.kind === 'bare-lf') throw new ImapError('BAD', undefined, 'Lines end with CRLF');
    if (step.kind === 'too-big') throw new ImapError('BAD', 'TOOBIG', 'The command is too large');
    if (lines < STREAMABLE_LITERALS && streamsLiteral(command.bytes)) return command.bytes;
    await takeLiteral(session, command, step);
  }
}
