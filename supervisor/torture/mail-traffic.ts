/** Clients that hand over mail: other servers at the MX port, and people's programs at the submission port. Each goes on until told to stop. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Attempt, Ledger, Outcome } from './ledger.ts';
import { drawSize, type Letter, writeLetter } from './letter.ts';
import { ClosedError } from './line-socket.ts';
import type { Random } from './random.ts';
import { type Handover, LeftError, SmtpClient, type SmtpReply } from './smtp-client.ts';

export interface MailClientOptions {
  name: string;
  traffic: 'MX' | 'submission';
  port: number;
  /** Absent: the MX port takes mail from anybody. */
  signIn?: { user: string; password: string };
  sender: string;
  recipients: readonly string[];
  /** At most so many at a time. */
  maxRecipients: number;
  ledger: Ledger;
  random: Random;
  stop: AbortSignal;
}

interface Draft {
  number: number;
  recipients: readonly string[];
  sizeBytes: number;
}

interface Try {
  outcome: Outcome;
  onPurpose: boolean;
}

/** As often as a letter is tried; a real server goes on for days. */
const MAX_TRIES = 6;
const LETTERS_PER_CONNECTION = 30;
const LONGEST_PAUSE_MS = 60;

function drawHandover(random: Random): Handover {
  const cuts = ['amid', 'amid', 'amid the end', 'after the end'] as const;
  return {
    by: random.chance(0.5) ? 'DATA' : 'BDAT',
    pipelined: random.chance(0.5),
    slow: random.chance(0.05),
    cutAt: random.chance(0.08) ? random.pick(cuts) : 'never',
  };
}

function outcomeOf({ code }: SmtpReply): Outcome {
  if (code === 250) return 'acknowledged';
  return code >= 500 ? 'refused' : 'refused for now';
}

async function connectClient({ port, signIn }: MailClientOptions): Promise<SmtpClient> {
  const client = await SmtpClient.open(port, signIn !== undefined);
  if (!signIn) return client;
  const response = Buffer.from(`\0${signIn.user}\0${signIn.password}`).toString('base64');
  const { code } = await client.ask(`AUTH PLAIN ${response}`);
  if (code === 235) return client;
  client.close();
  throw new ClosedError(`not signed in: ${code}`);
}

/** Opens the transaction; the recipients that were taken, none where the message cannot be sent. */
async function openTransaction(
  client: SmtpClient,
  sender: string,
  draft: Draft,
  handover: Handover,
): Promise<readonly string[]> {
  const lines = [`MAIL FROM:<${sender}>`, ...draft.recipients.map((recipient) => `RCPT TO:<${recipient}>`)];
  if (handover.pipelined) client.send(lines.map((line) => `${line}\r\n`).join(''));
  const replies: SmtpReply[] = [];
  for (const line of lines) replies.push(handover.pipelined ? await client.reply() : await client.ask(line));
  const taken = draft.recipients.filter((_, at) => replies[at + 1]?.code === 250);
  const ready = taken.length > 0 && (handover.by === 'BDAT' || (await client.ask('DATA')).code === 354);
  if (!ready) await client.ask('RSET');
  return ready ? taken : [];
}

async function handOver(client: SmtpClient, letter: Letter, handover: Handover, random: Random): Promise<Try> {
  try {
    return { outcome: outcomeOf(await client.hand(letter.bytes, handover, random)), onPurpose: false };
  } catch (error) {
    if (!(error instanceof LeftError)) throw error;
    return { outcome: error.complete ? 'in doubt' : 'cut off', onPurpose: error.onPurpose };
  }
}

class MailClient {
  readonly #options: MailClientOptions;
  #client: SmtpClient | undefined;
  #sent = 0;

  constructor(options: MailClientOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    const { stop, random } = this.#options;
    for (let number = 1; !stop.aborted; number++) {
      await this.#sendLetter(number);
      await delay(random.between(0, LONGEST_PAUSE_MS));
    }
    this.#client?.close();
  }

  /** Tries as a server does: the same letter again, with the same Message-ID, until it has an answer. */
  async #sendLetter(number: number): Promise<void> {
    const { random, recipients, maxRecipients, stop } = this.#options;
    const count = random.chance(0.7) ? 1 : random.between(1, Math.min(maxRecipients, recipients.length));
    const draft = { number, recipients: random.shuffle(recipients).slice(0, count), sizeBytes: drawSize(random) };
    for (let tries = 1; tries <= MAX_TRIES && !stop.aborted; tries++) {
      const outcome = await this.#try(draft, tries).catch((error: unknown) => {
        if (!(error instanceof ClosedError)) throw error;
        this.#hangUp(); // before the message began: nothing to note
        return undefined;
      });
      if (outcome === 'acknowledged' || outcome === 'refused') return;
      await delay(random.between(50, 500));
    }
  }

  async #try(draft: Draft, tries: number): Promise<Outcome | undefined> {
    const { name, sender, random, ledger, traffic } = this.#options;
    if (this.#sent >= LETTERS_PER_CONNECTION) this.#hangUp();
    this.#client ??= await connectClient(this.#options);
    this.#sent += 1;
    const letterId = `${name}-${draft.number}`;
    const letter = writeLetter(random, `${letterId}.${tries}`, letterId, sender, draft.sizeBytes);
    const handover = drawHandover(random);
    const recipients = await openTransaction(this.#client, sender, draft, handover);
    if (recipients.length === 0) return undefined;
    const { outcome, onPurpose } = await handOver(this.#client, letter, handover, random);
    if (outcome !== 'acknowledged') this.#hangUp();
    const cut: Attempt['cut'] = onPurpose ? `cut in ${handover.by}` : null;
    const { id, sha256, bytes } = letter;
    ledger.note({ id, traffic, outcome, sha256, size: bytes.length, recipients, endedAt: Date.now(), cut });
    return outcome;
  }

  #hangUp(): void {
    this.#client?.close();
    this.#client = undefined;
    this.#sent = 0;
  }
}

/** Resolves after `stop`; what goes wrong with a connection is what this is about and is noted, anything else throws. */
export function runMailClient(options: MailClientOptions): Promise<void> {
  return new MailClient(options).run();
}
