import { once } from 'node:events';
import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { createNetworkSet } from '#server/input/network.ts';
import { settlePeerAddress } from './peer-address.ts';

async function seenWith(headers: Record<string, string>, proxies: string[]): Promise<string> {
  const server = createServer((request, response) => {
    const believed = settlePeerAddress(request, createNetworkSet(proxies));
    response.end(`${request.headers['x-forwarded-for']} ${believed}`);
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

test.each<[string, string | null, string[], string]>([
  ['without a proxy it is the socket’s', null, [], '127.0.0.1 true'],
  ['a client that says it is another is not believed', '203.0.113.9', [], '127.0.0.1 false'],
  ['nor is a proxy elsewhere, where another is meant', '203.0.113.9', ['192.0.2.1'], '127.0.0.1 false'],
  ['the proxy tells the client', '203.0.113.9', ['127.0.0.1'], '203.0.113.9 true'],
  ['what the client made up in front of it is ignored', '10.0.0.1, 203.0.113.9', ['127.0.0.0/8'], '203.0.113.9 true'],
  ['of two proxies each adds its own', '203.0.113.9, 192.0.2.7', ['127.0.0.1', '192.0.2.0/24'], '203.0.113.9 true'],
  ['a proxy that says nothing stands for itself', null, ['127.0.0.1'], '127.0.0.1 true'],
  ['empty entries are nobody', ' , ', ['127.0.0.1'], '127.0.0.1 true'],
])('%s', async (_, forwarded, proxies, expected) => {
  expect(await seenWith(forwarded === null ? {} : { 'x-forwarded-for': forwarded }, proxies)).toBe(expected);
});
