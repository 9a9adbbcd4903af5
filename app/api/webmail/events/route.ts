/** Server-sent events: what happens in the inbox and in the folder that is open, until the browser goes or the session ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { type MailEvent, watchFolders } from '#server/webmail/events/watch-folders.ts';
import type { MailRequest } from '../mail-request.ts';
import { answerError } from '../respond.ts';
import { readRoute } from '../routes.ts';
import { folderPath } from '../schemas.ts';

const HEARTBEAT_MS = 20_000;
/** The browser comes back at once, and shows again that its session still holds. */
const MAX_AGE_MS = 15 * 60_000;

async function wait(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined); // an aborted wait has waited long enough
}

function createEventStream(
  request: MailRequest,
  folders: readonly string[],
  gone: AbortSignal,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const ended = new AbortController();
  /** The browser closed the stream: nothing more may be done with it. */
  let cancelled = false;
  const signal = AbortSignal.any([gone, ended.signal, AbortSignal.timeout(MAX_AGE_MS)]);
  return new ReadableStream({
    start(controller) {
      const send = (text: string): void => {
        if (!signal.aborted) controller.enqueue(encoder.encode(text));
      };
      const onEvent = (event: MailEvent): void => {
        send(`data: ${JSON.stringify(event)}\n\n`);
        if (event.type === 'signed-out') ended.abort();
      };
      // The comment shows a dead connection to both sides.
      const heartbeat = setInterval(() => send(': still here\n\n'), HEARTBEAT_MS);
      send('retry: 3000\n\n');
      watchFolders(request.mail, { folders, onEvent, signal, wait, now: request.now })
        .catch((error: unknown) => answerError(error, '/api/webmail/events'))
        .finally(() => {
          clearInterval(heartbeat);
          ended.abort();
          if (!cancelled && !gone.aborted) controller.close();
        });
    },
    cancel() {
      cancelled = true;
      ended.abort();
    },
  });
}

export const GET = readRoute(z.object({ folder: folderPath.default('INBOX') }), async (request, { folder }, http) => {
  const stream = createEventStream(request, ['INBOX', folder], http.signal);
  return new Response(stream, {
    headers: {
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store, no-transform',
      'X-Accel-Buffering': 'no',
    },
  });
});
