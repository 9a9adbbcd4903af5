/**
 * Transcripts of several connections:
 *
 *   C1: a select inbox          client 1 sends this line
 *   S1: * 3 EXISTS              client 1 receives exactly this line
 *   S1: a OK ...                `...` is any text
 *   S1* a OK ...                skips lines until one is like this
 *   S1: * OK [UIDNEXT <next>]   `<name>` takes a word, and is that word from then on, in C lines too
 *   S1: (closed)                the server has closed the connection
 *
 * A client connects where it is first named and is signed in, unless `signIn` is off.
 */
import { LineClient } from '#engine/net/testing/line-client.ts';
import { PASSWORD } from './open-imap-server.ts';

export interface TranscriptOptions {
  port: number;
  address?: string;
  signIn?: boolean;
  /** Taken by an earlier transcript. */
  names?: Map<string, string>;
}

const STEP = /^\s*([CS])(\w)([:*]) ?(.*)$/;

async function connect({ port, address, signIn }: TranscriptOptions): Promise<LineClient> {
  const client = await LineClient.connect(port);
  if (signIn === false) return client;
  await client.line();
  client.send(`login login "${address ?? 'anna@one.example'}" "${PASSWORD}"\r\n`);
  const answer = await client.line();
  if (!answer?.startsWith('login OK')) throw new Error(`not signed in: ${answer}`);
  return client;
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
}

function toPattern(text: string, names: ReadonlyMap<string, string>): RegExp {
  const pieces = text.split(/(\.\.\.|<[a-z]\w*>)/);
  const source = pieces.map((piece) => {
    if (piece === '...') return '.*';
    if (!/^<[a-z]\w*>$/.test(piece)) return escapePattern(piece);
    const known = names.get(piece.slice(1, -1));
    return known === undefined ? `(?${piece}[^\\s\\])]+)` : escapePattern(known);
  });
  return new RegExp(`^${source.join('')}$`, 's');
}

function substitute(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(/<([a-z]\w*)>/g, (whole, name: string) => names.get(name) ?? whole);
}

async function expectLine(client: LineClient, step: string, text: string, skips: boolean, names: Map<string, string>) {
  const pattern = toPattern(text, names);
  for (;;) {
    const line = (await client.line()) ?? '(closed)';
    const match = pattern.exec(line);
    if (match) {
      for (const [name, value] of Object.entries(match.groups ?? {})) names.set(name, value);
      return;
    }
    if (!skips || line === '(closed)') throw new Error(`expected  ${step.trim()}\nreceived  ${line}`);
  }
}

/** Runs the transcript and cuts its connections; returns the names it took. */
export async function play(options: TranscriptOptions, transcript: string): Promise<Map<string, string>> {
  const clients = new Map<string, LineClient>();
  const names = options.names ?? new Map<string, string>();
  try {
    for (const step of transcript.split('\n').filter((line) => line.trim() !== '')) {
      const match = STEP.exec(step);
      if (!match) throw new Error(`not a step: ${step}`);
      const [, side, name = '', mode, text = ''] = match;
      const client = clients.get(name) ?? (await connect(options));
      clients.set(name, client);
      if (side === 'C') client.send(`${substitute(text, names)}\r\n`);
      else await expectLine(client, step, text, mode === '*', names);
    }
    return names;
  } finally {
    for (const client of clients.values()) client.cut();
  }
}
