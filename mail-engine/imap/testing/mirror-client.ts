/**
 * A client that believes every word: it keeps the folder as the server's responses say it is, so that what sessions were told can be
 * compared with what is there. Throws on responses that may not come, such as EXPUNGE while a command by number is under way.
 */
import { LineClient } from '#engine/net/testing/line-client.ts';
import { PASSWORD } from './open-imap-server.ts';

interface MirroredMessage {
  uid: number | undefined;
  /** Sorted, undefined while the client has not been told. */
  flags: readonly string[] | undefined;
}

const BY_NUMBER = /^(FETCH|STORE|SEARCH)\b/i;

export class MirrorClient {
  messages: MirroredMessage[] = [];
  readonly #line: LineClient;
  #commands = 0;

  private constructor(line: LineClient) {
    this.#line = line;
  }

  static async open(port: number, address: string): Promise<MirrorClient> {
    const client = new MirrorClient(await LineClient.connect(port));
    await client.#line.line();
    await client.run(`LOGIN ${address} "${PASSWORD}"`);
    await client.run('SELECT INBOX');
    await client.run('FETCH 1:* (UID FLAGS)');
    return client;
  }

  /** Sends the command (more lines follow at once where it holds literals), takes all responses; returns the tagged one. */
  async run(command: string): Promise<string> {
    this.#commands += 1;
    const tag = `m${this.#commands}`;
    this.#line.send(`${tag} ${command}\r\n`);
    for (;;) {
      const line = await this.#line.line();
      if (line === undefined) throw new Error(`closed during ${command}`);
      if (line.startsWith(`${tag} `)) return line;
      this.#take(line, command);
    }
  }

  /** The client's own silent STORE: it knows what it did. */
  applySilently(sequence: number, flag: string, isSet: boolean): void {
    const message = this.messages[sequence - 1];
    if (!message?.flags) return;
    const others = message.flags.filter((known) => known !== flag);
    message.flags = (isSet ? [...others, flag] : others).sort();
  }

  close(): void {
    this.#line.cut();
  }

  #take(line: string, command: string): void {
    const [, count = '', kind = '', rest = ''] = /^\* (\d+) (EXISTS|EXPUNGE|FETCH)(.*)$/.exec(line) ?? [];
    const number = Number(count);
    if (kind === 'EXISTS') this.#exists(number);
    else if (kind === 'EXPUNGE') this.#expunge(number, command);
    else if (kind === 'FETCH') this.#fetch(number, rest);
  }

  #exists(count: number): void {
    if (count < this.messages.length) throw new Error(`EXISTS ${count} after ${this.messages.length}`);
    while (this.messages.length < count) this.messages.push({ uid: undefined, flags: undefined });
  }

  #expunge(sequence: number, command: string): void {
    if (BY_NUMBER.test(command)) throw new Error(`EXPUNGE during ${command}`);
    if (sequence < 1 || sequence > this.messages.length)
      throw new Error(`EXPUNGE ${sequence} of ${this.messages.length}`);
    this.messages.splice(sequence - 1, 1);
  }

  #fetch(sequence: number, items: string): void {
    const message = this.messages[sequence - 1];
    if (!message) throw new Error(`FETCH ${sequence} of ${this.messages.length}`);
    const uid = /\bUID (\d+)/.exec(items)?.[1];
    if (uid !== undefined) {
      if (message.uid !== undefined && message.uid !== Number(uid)) {
        throw new Error(`number ${sequence} is uid ${message.uid} and is told to be ${uid}`);
      }
      message.uid = Number(uid);
    }
    const flags = /\bFLAGS \(([^)]*)\)/.exec(items)?.[1];
    if (flags !== undefined) message.flags = flags.split(' ').filter(Boolean).sort();
  }
}
