/** A message's bytes as they go out: lines only (`line-normaliser.ts`), and all within the time the whole of it may take. */
import { LineNormaliser } from '#engine/wire/smtp/line-normaliser.ts';
import type { Session } from './session.ts';
import { SessionError } from './session-error.ts';
import { transferTimeoutMs } from './timeouts.ts';

export interface MessageContent {
  sizeBytes: number;
  /** `sizeBytes` bytes; opened once. */
  openBody: () => AsyncIterable<Buffer>;
}

const CRLF = Buffer.from('\r\n');

/** Ends with a line end, unless it is empty. */
export async function* readContent(session: Session, content: MessageContent): AsyncGenerator<Buffer> {
  const { clock } = session;
  const normaliser = new LineNormaliser();
  const deadline = clock.now().getTime() + transferTimeoutMs(content.sizeBytes);
  let sent = 0;
  let last = -1;
  for await (const chunk of content.openBody()) {
    if (clock.now().getTime() > deadline) throw new SessionError('timeout', 'the peer takes the message too slowly');
    sent += chunk.length;
    const lines = normaliser.normalise(chunk);
    last = lines.at(-1) ?? last;
    if (lines.length > 0) yield lines;
  }
  if (sent !== content.sizeBytes) throw new Error(`message has ${sent} bytes instead of ${content.sizeBytes}`);
  const open = normaliser.end();
  if (open.length > 0) yield open;
  else if (last !== -1 && last !== CRLF[1]) yield CRLF;
}
