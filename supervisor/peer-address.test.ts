import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { settlePeerAddress } from './peer-address.ts';

async function seenWith(headers: Record<string, string>): Promise<string> {
  const server = createServer((request, response) => {
    settlePeerAddress(request);
    response.end(request.headers['x-forwarded-for']);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const request = httpRequest({ port, host: '127.0.0.1', headers }).end();
  const [response] = (await once(request, 'response')) as [AsyncIterable<Buffer>];
  const parts: Buffer[] = [];
  for await (const part of response) parts.push(part);
  server.close();
  return Buffer.concat(parts).toString();
}

test.each([
  ['without a proxy it is the socket’s', {}, '127.0.0.1'],
  ['a proxy on this machine tells the client', { 'x-forwarded-for': '203.0.113.9' }, '203.0.113.9'],
  ['what the client made up in front of it is ignored', { 'x-forwarded-for': '10.0.0.1, 203.0.113.9' }, '203.0.113.9'],
])('%s', async (_, headers, expected) => {
  expect(await seenWith(headers as Record<string, string>)).toBe(expected);
});
