/** Opening a TCP connection to a server's address. Passed in, so that tests decide what is at the other end. */
import { connect, type Socket } from 'node:net';
import type { Clock } from '#engine/queue/clock.ts';
import { SessionError } from './session-error.ts';

interface Endpoint {
  address: string;
  port: number;
}

/** Resolves with a connected socket; rejects with SessionError. */
export type Dial = (endpoint: Endpoint, timeoutMs: number, signal: AbortSignal) => Promise<Socket>;

export function createDial(clock: Clock): Dial {
  return ({ address, port }, timeoutMs, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(new SessionError('aborted', 'the engine is stopping'));
        return;
      }
      const socket = connect({ host: address, port, noDelay: true });
      const fail = (reason: string): void => {
        finish();
        socket.on('error', () => socket.destroy());
        socket.destroy();
        reject(new SessionError('connect', `${address}:${port}: ${reason}`));
      };
      const onError = (error: Error): void => fail(error.message);
      const onAbort = (): void => fail('the engine is stopping');
      const cancel = clock.setTimer(timeoutMs, () => fail('no connection in time'));
      const finish = (): void => {
        cancel();
        socket.off('error', onError);
        signal.removeEventListener('abort', onAbort);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      socket.once('error', onError);
      socket.once('connect', () => {
        finish();
        resolve(socket);
      });
    });
}
