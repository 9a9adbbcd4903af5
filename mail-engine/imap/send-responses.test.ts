import { expect, test } from 'vitest';
import { Turn } from '#engine/net/turn.ts';
import { sendResponses } from './send-responses.ts';

test('responses are made as they are sent: one piece is held at a time', async () => {
  const response = `* OK ${'x'.repeat(1000)}\r\n`;
  let made = 0;
  function* responses(count: number) {
    for (; made < count; made += 1) yield response;
  }
  let sent = '';
  const send = async (bytes: string | Buffer) => {
    expect(made * response.length - sent.length).toBeLessThan(100_000);
    sent += bytes;
  };
  await sendResponses({ send, turn: new Turn(() => 0) }, responses(1000));
  expect(sent).toBe(response.repeat(1000));
});
