/** Downloads as Next.js sends them, over HTTP, with a mail server that waits where the test wants it to. */
import { EventEmitter, once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PassThrough } from 'node:stream';
import type { ImapFlow } from 'imapflow';
import { NodeNextRequest, NodeNextResponse } from 'next/dist/server/base-http/node.js';
import { sendResponse } from 'next/dist/server/send-response.js';
import { signalFromNodeResponse } from 'next/dist/server/web/spec-extension/adapters/next-request.js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MailClient } from '#server/webmail/connection/mail-client.ts';
import { downloadPart } from '#server/webmail/messages/download.ts';
import { downloadResponse } from './download-response.ts';

const SIZE = 1024 * 1024;
const MESSAGE = {
  uid: 5,
  envelope: {},
  bodyStructure: {
    type: 'multipart/mixed',
    childNodes: [
      { part: '1', type: 'text/plain' },
      { part: '2', type: 'image/png', disposition: 'attachment', dispositionParameters: { filename: 'chart.png' } },
    ],
  },
};

class MailConnection extends EventEmitter {
  usable = true;
  mailbox = { path: 'INBOX' };
  async fetchOne(): Promise<object> {
    await onFetch();
    return MESSAGE;
  }
  async download(): Promise<object> {
    const content = new PassThrough();
    content.write(Buffer.alloc(SIZE, 1));
    if (ends) content.end();
    contents.push(content);
    return { content };
  }
  close(): void {
    if (!this.usable) return;
    this.usable = false;
    this.emit('close');
  }
}

let contents: PassThrough[];
/** The mail server sends all; else it keeps the end to itself. */
let ends: boolean;
let onFetch: () => Promise<void>;
let mail: MailClient;
let server: Server;

async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const signal = signalFromNodeResponse(outgoing);
  const download = await downloadPart(mail, { folder: 'INBOX', uid: 5, part: '2' }, signal);
  const response = downloadResponse(download, incoming.method ?? '', true);
  await sendResponse(new NodeNextRequest(incoming), new NodeNextResponse(outgoing), response);
}

beforeEach(async () => {
  vi.stubEnv('NEXT_RUNTIME', 'nodejs');
  contents = [];
  ends = false;
  onFetch = async () => undefined;
  mail = new MailClient({ connect: async () => new MailConnection() as unknown as ImapFlow });
  server = createServer((incoming, outgoing) => void handle(incoming, outgoing).catch(() => outgoing.destroy()));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  mail.close();
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

function ask(method = 'GET') {
  const { port } = server.address() as AddressInfo;
  const asked = request({ port, host: '127.0.0.1', method, agent: false });
  asked.on('error', () => undefined); // one that is given up ends in an error
  asked.end();
  return asked;
}

async function answerTo(asked: ReturnType<typeof ask>): Promise<IncomingMessage> {
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return answer;
}

/** All three connections, which a session has, can be had again. */
async function expectAllFree(): Promise<void> {
  await expect.poll(() => contents.every(({ destroyed }) => destroyed)).toBe(true);
  let free = 0;
  const leases = [1, 2, 3].map(() => mail.lease().finally(() => (free += 1)));
  await expect.poll(() => free).toBe(3);
  for (const lease of leases) (await lease).release();
}

test('a browser that is gone before the answer begins gives the connection back', async () => {
  for (let time = 0; time < 3; time += 1) {
    const reached = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    onFetch = async () => {
      reached.resolve();
      await go.promise;
    };
    const [[, outgoing]] = await Promise.all([
      once(server, 'request') as Promise<[IncomingMessage, ServerResponse]>,
      (async () => {
        const asked = ask();
        await reached.promise;
        asked.destroy();
      })(),
    ]);
    if (!outgoing.destroyed) await once(outgoing, 'close');
    go.resolve();
    await expect.poll(() => contents.length).toBe(time + 1);
  }
  await expectAllFree();
});

test('a browser that goes in the middle gives the connection back', async () => {
  for (let time = 0; time < 3; time += 1) {
    const asked = ask();
    await answerTo(asked);
    asked.destroy();
  }
  await expectAllFree();
});

test('HEAD has the header fields of GET, and gives the connection back', async () => {
  for (let time = 0; time < 3; time += 1) {
    const answer = await answerTo(ask('HEAD'));
    expect(answer.headers['content-disposition']).toContain('chart.png');
    answer.resume();
    await once(answer, 'end');
  }
  await expectAllFree();
});

test('what is read to its end comes whole', async () => {
  ends = true;
  const answer = await answerTo(ask());
  let size = 0;
  for await (const chunk of answer) size += (chunk as Buffer).length;
  expect(size).toBe(SIZE);
  await expectAllFree();
});

test('a connection that is lost in the middle cuts the answer', async () => {
  const answer = await answerTo(ask());
  mail.close();
  await expect(answer.toArray()).rejects.toThrow('aborted');
});

test('nothing of a mail stays in the browser for who signs in next, pictures shown in place no more than files', async () => {
  ends = true;
  const { headers } = (await answerTo(ask())).resume();
  expect(headers).toMatchObject({
    'content-type': 'image/png',
    'content-disposition': expect.stringMatching(/^inline;/),
  });
  expect(headers['cache-control']).toBe('private, no-store');
});
