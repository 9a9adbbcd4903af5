/** How each protocol frames a SASL exchange, from the client's side (RFC 4954, RFC 3501 §6.2.2, RFC 5034). */
import type { LineClient } from '#engine/net/testing/line-client.ts';

interface Dialect {
  begin: string;
  challenge: string;
  success: string;
}

export const DIALECTS = {
  smtp: { begin: 'AUTH', challenge: '334 ', success: '235 ' },
  imap: { begin: 'a1 AUTHENTICATE', challenge: '+ ', success: 'a1 OK ' },
  pop3: { begin: 'AUTH', challenge: '+ ', success: '+OK ' },
} as const satisfies Record<string, Dialect>;

export type Protocol = keyof typeof DIALECTS;

export type Step = (challenge: Buffer) => Buffer | string;

export interface ExchangeOptions {
  mechanism: string;
  initial?: Buffer;
  /** What the client answers to each challenge; text is sent as it is. */
  steps: readonly Step[];
}

/** Runs the exchange and returns the line that ends it. */
export async function exchange(
  client: LineClient,
  protocol: Protocol,
  { mechanism, initial, steps }: ExchangeOptions,
): Promise<string> {
  const { begin, challenge } = DIALECTS[protocol];
  const given = initial === undefined ? '' : ` ${initial.length === 0 ? '=' : initial.toString('base64')}`;
  client.send(`${begin} ${mechanism}${given}\r\n`);
  const left = [...steps];
  for (;;) {
    const line = await client.line();
    if (line === undefined) return '(closed)';
    if (!line.startsWith(challenge)) return line;
    const step = left.shift();
    if (!step) return `unexpected challenge ${line}`;
    const answer = step(Buffer.from(line.slice(challenge.length), 'base64'));
    client.send(`${typeof answer === 'string' ? answer : answer.toString('base64')}\r\n`);
  }
}
