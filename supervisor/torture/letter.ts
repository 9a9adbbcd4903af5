/** A message to send: its bytes, and what a client must remember of them to know them again. */
import { createHash } from 'node:crypto';
import type { Random } from './random.ts';

export interface Letter {
  /** The attempt's id. */
  id: string;
  bytes: Buffer;
  sha256: string;
}

const KIB = 1024;
const ATTEMPT_FIELD = 'X-Attempt';
const ATTEMPT = /^X-Attempt: (\S+)\r$/m;

/** Most mail is small: nine in ten up to 20 KiB, one in fifty up to 2 MiB. */
export function drawSize(random: Random): number {
  const kind = random.next();
  if (kind < 0.9) return random.between(1 * KIB, 20 * KIB);
  return kind < 0.98 ? random.between(20 * KIB, 200 * KIB) : random.between(200 * KIB, 2048 * KIB);
}

/** Lines that differ, some of which begin with a period. */
function drawBody(random: Random, bytes: number): string {
  const lines: string[] = [];
  for (let made = 0; made < bytes; ) {
    const line = `${random.chance(0.05) ? '.' : ''}${random.next().toString(36).slice(2)}${'mail '.repeat(random.between(0, 40))}`;
    lines.push(line);
    made += line.length + 2;
  }
  return `${lines.join('\r\n')}\r\n`;
}

/** `messageId` stays the same when a letter is sent again, `id` never does. */
export function writeLetter(random: Random, id: string, messageId: string, from: string, sizeBytes: number): Letter {
  const head = [
    `${ATTEMPT_FIELD}: ${id}`,
    `From: <${from}>`,
    'To: undisclosed-recipients:;',
    `Subject: ${id}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${messageId}@ledger.example>`,
  ].join('\r\n');
  const bytes = Buffer.from(`${head}\r\n\r\n${drawBody(random, sizeBytes)}`, 'latin1');
  return { id, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** The id in a stored message, whatever header fields came before it. */
export function readAttemptId(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1', 0, 8 * KIB);
  const end = text.indexOf('\r\n\r\n');
  return ATTEMPT.exec(end < 0 ? text : text.slice(0, end + 2))?.[1];
}

/** What the client sent is the end of what is stored: the server only adds fields in front. */
export function sentPart(stored: Buffer, size: number): string {
  return createHash('sha256')
    .update(stored.subarray(Math.max(0, stored.length - size)))
    .digest('hex');
}
