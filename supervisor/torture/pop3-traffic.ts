/**
 * Clients that fetch some of their mail over POP3 and delete it: after QUIT's +OK it is gone, without QUIT it stays (RFC 1939 §6), and
 * where QUIT's answer was lost either may be.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { ReaderOptions } from './imap-traffic.ts';
import { INBOX, NOWHERE } from './ledger.ts';
import { readAttemptId } from './letter.ts';
import { ClosedError, LineSocket } from './line-socket.ts';

const MESSAGES_PER_SESSION = 8;
const LONGEST_PAUSE_MS = 1_500;

class Pop3Client {
  readonly #socket: LineSocket;

  private constructor(socket: LineSocket) {
    this.#socket = socket;
  }

  static async open({ port, user, password }: ReaderOptions): Promise<Pop3Client> {
    const client = new Pop3Client(await LineSocket.open(port, true));
    await client.#socket.line();
    for (const command of [`USER ${user}`, `PASS ${password}`]) {
      if ((await client.ask(command)).startsWith('+OK')) continue;
      client.close();
      throw new ClosedError('not signed in');
    }
    return client;
  }

  ask(command: string): Promise<string> {
    this.#socket.send(`${command}\r\n`);
    return this.#socket.line();
  }

  /** The header of a message, or undefined where it cannot be had now. */
  async readHead(number: number): Promise<string | undefined> {
    if (!(await this.ask(`TOP ${number} 0`)).startsWith('+OK')) return undefined;
    const lines: string[] = [];
    for (let line = await this.#socket.line(); line !== '.'; line = await this.#socket.line()) lines.push(line);
    return lines.join('\r\n');
  }

  close(): void {
    this.#socket.cut();
  }
}

/** Deletes some messages. Their attempts' ids. */
async function markSome(client: Pop3Client, { random }: ReaderOptions): Promise<string[]> {
  const count = Number((await client.ask('STAT')).split(' ')[1]);
  const marked: string[] = [];
  for (let number = 1; number <= Math.min(count, MESSAGES_PER_SESSION); number++) {
    const head = await client.readHead(number);
    const id = head === undefined ? undefined : readAttemptId(Buffer.from(`${head}\r\n`, 'latin1'));
    if (id === undefined || random.chance(0.3)) continue;
    if ((await client.ask(`DELE ${number}`)).startsWith('+OK')) marked.push(id);
  }
  return marked;
}

async function runSession(options: ReaderOptions): Promise<void> {
  const { ledger, user, random } = options;
  const client = await Pop3Client.open(options);
  const setStates = (ids: readonly string[], states: readonly string[]): void => {
    for (const id of ids) ledger.change(id, user, states);
  };
  try {
    const marked = await markSome(client, options);
    setStates(marked, [INBOX]);
    if (random.chance(0.15)) return;
    setStates(marked, [INBOX, NOWHERE]);
    if ((await client.ask('QUIT')).startsWith('+OK')) setStates(marked, [NOWHERE]);
  } finally {
    client.close();
  }
}

export async function runPop3Client(options: ReaderOptions): Promise<void> {
  while (!options.stop.aborted) {
    await runSession(options).catch((error: unknown) => {
      if (!(error instanceof ClosedError)) throw error; // the session ended: what it changed is noted
    });
    await delay(options.random.between(50, LONGEST_PAUSE_MS));
  }
}
