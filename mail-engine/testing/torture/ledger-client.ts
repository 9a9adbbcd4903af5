/**
 * An SMTP client that keeps a ledger: which messages were answered 250 after the final dot, and which are in doubt because the
 * connection died before the answer. It never sends one message twice, so "exactly once" can be checked against folders.
 */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';

export interface Ledger {
  /** Message id → recipients, answered 250. */
  acknowledged: Map<string, readonly string[]>;
  inDoubt: Map<string, readonly string[]>;
}

export interface LoadOptions {
  /** Asked anew for each connection, since a killed engine comes back. */
  port: number;
  connections: number;
  recipients: readonly string[];
  bodyBytes: number;
  stop: AbortSignal;
}

class Refused extends Error {}

/** One SMTP conversation; every step throws when the connection ends or the reply is not the expected class. */
class Conversation {
  readonly #socket: Socket;
  readonly #lines: AsyncIterator<string>;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  }

  static async open(port: number): Promise<Conversation> {
    const socket = connect(port, '127.0.0.1');
    socket.setNoDelay(true);
    await once(socket, 'connect');
    socket.on('error', () => undefined); // the pending reply fails with "closed"
    const conversation = new Conversation(socket);
    await conversation.#expect('2');
    await conversation.say('EHLO ledger.example', '2');
    return conversation;
  }

  async #expect(kind: string): Promise<void> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error('closed');
      if (value[3] === '-') continue;
      if (value[0] !== kind) throw new Refused(value);
      return;
    }
  }

  async say(text: string, kind: string): Promise<void> {
    this.#socket.write(`${text}\r\n`);
    await this.#expect(kind);
  }

  close(): void {
    this.#socket.destroy();
  }
}

async function sendOne(
  conversation: Conversation,
  id: string,
  to: readonly string[],
  body: string,
  ledger: Ledger,
): Promise<void> {
  await conversation.say('MAIL FROM:<load@ledger.example>', '2');
  for (const recipient of to) await conversation.say(`RCPT TO:<${recipient}>`, '2');
  await conversation.say('DATA', '3');
  const message = `From: <load@ledger.example>\r\nSubject: ${id}\r\nMessage-ID: <${id}@ledger.example>\r\n\r\n${body}.`;
  ledger.inDoubt.set(id, to);
  try {
    await conversation.say(message, '2');
    ledger.acknowledged.set(id, to);
    ledger.inDoubt.delete(id);
  } catch (error) {
    if (error instanceof Refused) ledger.inDoubt.delete(id); // refused in words: it must not be anywhere
    throw error;
  }
}

async function runConnection(options: LoadOptions, ledger: Ledger, name: number): Promise<void> {
  const body = `${'x'.repeat(70)}\r\n`.repeat(Math.ceil(options.bodyBytes / 72));
  for (let count = 0; !options.stop.aborted; ) {
    let conversation: Conversation | undefined;
    try {
      conversation = await Conversation.open(options.port);
      for (let each = 0; each < 50 && !options.stop.aborted; each++, count++) {
        const first = options.recipients[(count + name) % options.recipients.length] ?? '';
        const second = options.recipients[(count * 7 + name + 1) % options.recipients.length] ?? '';
        const to = count % 5 === 0 && first !== second ? [first, second] : [first];
        await sendOne(conversation, `m-${name}-${count}`, to, body, ledger);
      }
    } catch {
      count++; // a killed engine: the ledger has what became of the message; the next id is a new one
      await new Promise((resolve) => setTimeout(resolve, 20));
    } finally {
      conversation?.close();
    }
  }
}

/** Sends until `stop` aborts. */
export async function runLoad(options: LoadOptions, ledger: Ledger): Promise<void> {
  await Promise.all(Array.from({ length: options.connections }, (_, name) => runConnection(options, ledger, name)));
}
