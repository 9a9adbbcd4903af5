/**
 * Clients that change their own mailbox over IMAP: APPEND, then perhaps COPY, MOVE or EXPUNGE of what was appended. Each has a mailbox to
 * itself, so that what stands where is theirs to know. A message is left alone after an answer that was lost: both states are right then.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { INBOX, type Ledger, NOWHERE, type Outcome } from './ledger.ts';
import { drawSize, type Letter, writeLetter } from './letter.ts';
import { ClosedError, LineSocket } from './line-socket.ts';
import type { Random } from './random.ts';

const OTHER_FOLDER = 'Archive';
const LONGEST_PAUSE_MS = 150;

export interface ReaderOptions {
  name: string;
  port: number;
  user: string;
  password: string;
  ledger: Ledger;
  random: Random;
  stop: AbortSignal;
}

interface Completion {
  ok: boolean;
  text: string;
}

class ImapClient {
  readonly #socket: LineSocket;
  #commands = 0;

  private constructor(socket: LineSocket) {
    this.#socket = socket;
  }

  static async open({ port, user, password }: ReaderOptions): Promise<ImapClient> {
    const client = new ImapClient(await LineSocket.open(port, true));
    await client.#socket.line();
    const signedIn = (await client.run(`LOGIN ${user} "${password}"`)).ok && (await client.run('SELECT INBOX')).ok;
    if (signedIn) return client;
    client.close();
    throw new ClosedError('not signed in');
  }

  async run(command: string): Promise<Completion> {
    this.#commands += 1;
    const tag = `t${this.#commands}`;
    this.#socket.send(`${tag} ${command}\r\n`);
    return this.#completion(tag);
  }

  async append(folder: string, bytes: Buffer): Promise<Completion> {
    this.#commands += 1;
    const tag = `t${this.#commands}`;
    this.#socket.send(`${tag} APPEND ${folder} {${bytes.length}}\r\n`);
    for (let line = await this.#socket.line(); !line.startsWith('+'); line = await this.#socket.line()) {
      if (line.startsWith(`${tag} `)) return { ok: false, text: line };
    }
    await this.#socket.push(bytes);
    this.#socket.send('\r\n');
    return this.#completion(tag);
  }

  close(): void {
    this.#socket.cut();
  }

  async #completion(tag: string): Promise<Completion> {
    for (;;) {
      const line = await this.#socket.line();
      if (line.startsWith(`${tag} `)) return { ok: line.startsWith(`${tag} OK`), text: line };
    }
  }
}

/** Commands that take a message from one state to the next, and the state they lead to. */
interface Step {
  commands: (uid: string) => readonly string[];
  to: string;
}

const STEPS: readonly Step[] = [
  { commands: (uid) => [`UID COPY ${uid} ${OTHER_FOLDER}`], to: `${OTHER_FOLDER}+${INBOX}` },
  { commands: (uid) => [`UID MOVE ${uid} ${OTHER_FOLDER}`], to: OTHER_FOLDER },
  { commands: (uid) => [`UID STORE ${uid} +FLAGS (\\Deleted)`, `UID EXPUNGE ${uid}`], to: NOWHERE },
];

class Reader {
  readonly #options: ReaderOptions;
  #client: ImapClient | undefined;

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { stop, random } = this.#options;
    for (let number = 1; !stop.aborted; number++) {
      await this.#handleMessage(number);
      await delay(random.between(0, LONGEST_PAUSE_MS));
    }
    this.#client?.close();
  }

  async #handleMessage(number: number): Promise<void> {
    const { name, user, random } = this.#options;
    try {
      this.#client ??= await ImapClient.open(this.#options);
    } catch (error) {
      return this.#afterFailure(error);
    }
    const letter = writeLetter(random, `${name}-${number}.1`, `${name}-${number}`, user, drawSize(random));
    const uid = await this.#append(this.#client, letter);
    if (uid === undefined) return;
    const step = random.chance(0.75) ? random.pick(STEPS) : undefined;
    if (step) await this.#take(this.#client, letter, uid, step);
  }

  /** The uid (RFC 4315 §3) where the message was taken. */
  async #append(client: ImapClient, letter: Letter): Promise<string | undefined> {
    try {
      const { ok, text } = await client.append(INBOX, letter.bytes);
      // NO may mean that the server could not learn whether its commit had succeeded.
      this.#note(letter, ok ? 'acknowledged' : 'refused for now');
      return ok ? /APPENDUID \d+ (\d+)/.exec(text)?.[1] : undefined;
    } catch (error) {
      this.#note(letter, 'in doubt');
      await this.#afterFailure(error);
      return undefined;
    }
  }

  async #take(client: ImapClient, letter: Letter, uid: string, step: Step): Promise<void> {
    const { ledger, user } = this.#options;
    ledger.change(letter.id, user, [INBOX, step.to]);
    try {
      for (const command of step.commands(uid)) {
        if (!(await client.run(command)).ok) return;
      }
      ledger.change(letter.id, user, [step.to]);
    } catch (error) {
      await this.#afterFailure(error);
    }
  }

  #note({ id, sha256, bytes }: Letter, outcome: Outcome): void {
    const { ledger, user } = this.#options;
    const cut = null;
    ledger.note({
      id,
      traffic: 'IMAP',
      outcome,
      sha256,
      size: bytes.length,
      recipients: [user],
      endedAt: Date.now(),
      cut,
    });
  }

  async #afterFailure(error: unknown): Promise<void> {
    if (!(error instanceof ClosedError)) throw error;
    this.#client?.close();
    this.#client = undefined;
    await delay(this.#options.random.between(50, 500));
  }
}

export function runImapClient(options: ReaderOptions): Promise<void> {
  return new Reader(options).run();
}
