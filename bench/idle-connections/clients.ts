/** Clients that do nothing: greeted, perhaps encrypted, then silent; every second one in the middle of a command. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

export interface IdleOptions {
  port: number;
  count: number;
  tls: boolean;
}

/** Loopback addresses they come from: one has too few ports to be sure of. */
const SOURCES = 20;
/** Under way at a time: the listen backlog of the peer is not what is measured. */
const AT_ONCE = 100;
const PATIENCE_MS = 60_000;

/** Resolves with what has come when a whole reply has (RFC 5321 §4.2.1). */
async function readReply(socket: Socket): Promise<string> {
  let text = '';
  while (!/^\d{3} .*\r\n$/m.test(text)) {
    const [chunk] = (await once(socket, 'data', { signal: AbortSignal.timeout(PATIENCE_MS) })) as [Buffer];
    text += chunk.toString('latin1');
  }
  return text;
}

async function expectReply(socket: Socket, code: string): Promise<void> {
  const reply = await readReply(socket);
  if (!reply.startsWith(code)) throw new Error(`answered ${reply.trim()}`);
}

async function encrypt(plain: Socket): Promise<Socket> {
  plain.write('EHLO idle.example\r\n');
  await expectReply(plain, '250');
  plain.write('STARTTLS\r\n');
  await expectReply(plain, '220');
  const secure = connectTls({ socket: plain, rejectUnauthorized: false });
  await once(secure, 'secureConnect', { signal: AbortSignal.timeout(PATIENCE_MS) });
  return secure;
}

async function openIdle({ port, tls }: IdleOptions, index: number): Promise<Socket> {
  const plain = connect({ host: '127.0.0.1', port, localAddress: `127.0.0.${1 + (index % SOURCES)}` });
  await expectReply(plain, '220');
  const socket = tls ? await encrypt(plain) : plain;
  if (index % 2 === 0) socket.write('MAIL FROM:<somebody@');
  return socket;
}

/** All are open and greeted when it resolves; the result closes them. */
export async function openIdleClients(options: IdleOptions): Promise<{ open: () => number; close: () => void }> {
  const sockets: Socket[] = [];
  for (let index = 0; index < options.count; index += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, options.count - index) }, (_, at) =>
      openIdle(options, index + at),
    );
    sockets.push(...(await Promise.all(batch)));
  }
  return {
    open: () => sockets.filter((socket) => !socket.destroyed && socket.readable).length,
    close: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}
