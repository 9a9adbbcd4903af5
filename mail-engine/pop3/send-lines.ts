/** The body of a multi-line response (RFC 1939 §3): dot-stuffed, ended by a line with a period, sent as fast as the peer takes it. */
import type { Connection } from '#engine/net/types.ts';
import { DotStuffer } from '#engine/wire/smtp/dot-stuffing.ts';
import type { Pop3Reply } from './types.ts';

const BATCH_BYTES = 32 * 1024;

/** Lines without line ends as chunks of many. No line of ours starts with a period. */
function* batchLines(lines: Iterable<string>): Generator<Buffer> {
  let batch = '';
  for (const line of lines) {
    batch += `${line}\r\n`;
    if (batch.length < BATCH_BYTES) continue;
    yield Buffer.from(batch);
    batch = '';
  }
  yield Buffer.from(batch);
}

export async function sendLines(connection: Connection, lines: NonNullable<Pop3Reply['lines']>): Promise<void> {
  const stuffer = new DotStuffer();
  const chunks = Symbol.asyncIterator in lines ? lines : batchLines(lines);
  for await (const chunk of chunks) {
    const pieces = stuffer.stuff(chunk);
    await connection.write(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces));
  }
  await connection.write(stuffer.end());
}
