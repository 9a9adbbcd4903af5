/** One event of a socket, waited for within a time. */
import type { Socket } from 'node:net';
import { ConnectionError } from './types.ts';

export interface SocketWait {
  event: 'drain' | 'secure';
  /** Any of these instead of `event` rejects with `closed`. */
  endings: readonly ('end' | 'close')[];
  closed: string;
  timeoutMs: number;
  late: string;
}

/** Rejects with `ConnectionError`; when the time is over calls `giveUp` too, which has to destroy the socket. */
export async function waitForSocket(socket: Socket, wait: SocketWait, giveUp: () => void): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const onEnding = () => reject(new ConnectionError('closed', wait.closed));
  const timer = setTimeout(() => {
    reject(new ConnectionError('timeout', wait.late));
    giveUp();
  }, wait.timeoutMs);
  socket.once(wait.event, resolve);
  for (const ending of wait.endings) socket.once(ending, onEnding);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    socket.off(wait.event, resolve);
    for (const ending of wait.endings) socket.off(ending, onEnding);
  }
}
