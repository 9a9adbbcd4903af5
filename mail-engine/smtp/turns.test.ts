/** However much one client pipelines, the others have their turn of the event loop in between. */
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { busiestTurn } from '#engine/net/testing/busiest-turn.ts';
import type { LineClient } from '#engine/net/testing/line-client.ts';
import { type MailServer, openMailServer } from './testing/open-mail-server.ts';

/** How often a session asked for the time, as it does a few times for every command. */
let asked = 0;
let server: MailServer;
let client: LineClient;

beforeAll(async () => {
  const now = () => {
    asked += 1;
    return new Date();
  };
  server = await openMailServer(inject('clusterUrl'), { now, smtpLimits: { errors: 100_000 } });
});
afterAll(async () => await server.close());
beforeEach(async () => {
  client = await server.connect('mx');
  await client.reply();
  await client.ask('EHLO client.example');
  await client.ask('MAIL FROM:<a@remote.example> BODY=BINARYMIME');
  await client.ask('RCPT TO:<ann@one.example>');
  return () => client.cut();
});

test.each([
  ['chunks of an octet', 'BDAT 1\r\nx', /^250 2\.0\.0 1 octets/],
  ['NOOP', 'NOOP\r\n', /^250 /],
  ['commands out of sequence', 'MAIL FROM:<b@remote.example>\r\n', /^503 /],
  ['commands nobody knows', 'X\r\n', /^500 /],
  ['refused recipients', 'RCPT TO:<a@b@c>\r\n', /^553 /],
  ['RSET', 'RSET\r\n', /^250 /],
])('%s', async (_, command, answer) => {
  const count = 20_000;
  client.send(`${command.repeat(count)}QUIT\r\n`);
  const answers = client.rest();
  expect(await busiestTurn(answers, () => asked)).toBeLessThan(1000);
  const lines = (await answers).trimEnd().split('\r\n');
  expect(lines).toHaveLength(count + 1);
  for (const line of lines.slice(0, count)) expect(line).toMatch(answer);
});
