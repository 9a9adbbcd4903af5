/** Takes the PROXY header off the front of a paused socket and leaves what follows it unread. */
import type { Socket } from 'node:net';
import { parseProxyHeader } from './proxy-protocol/parse-header.ts';
import type { ProxyHeader } from './proxy-protocol/types.ts';

/** Rejects where what comes is no header, the peer closes first, or the header is not there in time; the socket stays open. */
export async function readProxyHeader(socket: Socket, timeoutMs: number): Promise<ProxyHeader> {
  const { promise, resolve, reject } = Promise.withResolvers<ProxyHeader>();
  let received: Buffer = Buffer.alloc(0);
  const onReadable = () => {
    try {
      for (let chunk = socket.read() as Buffer | null; chunk !== null; chunk = socket.read() as Buffer | null) {
        received = Buffer.concat([received, chunk]);
        const header = parseProxyHeader(received);
        if (!header) continue;
        socket.off('readable', onReadable);
        socket.unshift(received.subarray(header.length));
        resolve(header);
        return;
      }
    } catch (error) {
      reject(error as Error);
    }
  };
  const onEnd = () => reject(new Error('closed before the header'));
  const timer = setTimeout(() => reject(new Error('the header took too long')), timeoutMs);
  socket.on('readable', onReadable);
  socket.once('end', onEnd);
  socket.once('close', onEnd);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    socket.off('readable', onReadable);
    socket.off('end', onEnd);
    socket.off('close', onEnd);
    // The last listener gone, the stream would flow with the next one that comes, and TLS would miss what is buffered.
    socket.pause();
  }
}
