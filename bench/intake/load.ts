/**
 * The load: Postfix's `smtp-source`, ten senders with an equal share of the connections, each going through its own tenth of the mailboxes.
 * With several recipients a message every message goes to the first so many mailboxes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Load {
  messages: number;
  sizeBytes: number;
  connections: number;
  mailboxes: number;
  recipients: number;
}

/** Resolves when every message has been answered, to the moment (of `performance.now`) of the first connection. */
export type Sender = (port: number, load: Load) => Promise<number>;

export const DOMAIN = 'bench.example';
export const DEFAULT_LOAD: Load = { messages: 5000, sizeBytes: 10_240, connections: 20, mailboxes: 100, recipients: 1 };
const SENDERS = 10;

/** `box`, `2box`, `3box` …: the names `smtp-source -r` makes of `box`. */
export function mailboxName(index: number): string {
  return index === 0 ? 'box' : `${index + 1}box`;
}

/** How many messages a load sends: an equal number to each mailbox. */
export function countMessages({ messages, mailboxes, recipients }: Load): number {
  return recipients > 1 ? messages : Math.max(1, Math.round(messages / mailboxes)) * mailboxes;
}

/** Runs one command line after the other; a small shell starts programs at less cost than this process. */
async function runInTurn(commands: readonly string[]): Promise<void> {
  const child = spawn('/bin/sh', ['-e', '-c', commands.join('\n')], { stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`smtp-source ended with ${code}: ${stderr.trim()}`);
}

interface Share {
  port: number;
  sender: number;
  sessions: number;
  messages: number;
  sizeBytes: number;
  options: string;
  recipient: string;
}

function toCommand({ port, sender, sessions, messages, sizeBytes, options, recipient }: Share): string {
  const amounts = `-s ${Math.min(sessions, messages)} -m ${messages} -l ${sizeBytes} ${options}`;
  const addresses = `-M client.example -f sender${sender}@client.example -t ${recipient}@${DOMAIN}`;
  return `smtp-source -4 -d ${amounts} ${addresses} inet:127.0.0.1:${port}`;
}

/** What one sender runs, mailbox by mailbox. */
function commandsOf(port: number, load: Load, sender: number, senders: number): string[] {
  const { sizeBytes, connections, mailboxes, recipients } = load;
  const common = { port, sender, sizeBytes, sessions: Math.max(1, Math.round(connections / senders)) };
  const total = countMessages(load);
  if (recipients > 1) {
    const messages = Math.floor(total / senders) + (sender < total % senders ? 1 : 0);
    return messages > 0 ? [toCommand({ ...common, messages, options: `-r ${recipients}`, recipient: 'box' })] : [];
  }
  const own = Array.from({ length: mailboxes }, (_, at) => at).filter((at) => at % senders === sender);
  return own.map((at) =>
    toCommand({ ...common, messages: total / mailboxes, options: '', recipient: mailboxName(at) }),
  );
}

/** Fewer connections than senders: so many senders. */
export const sendBySmtpSource: Sender = async (port, load) => {
  const senders = Math.min(SENDERS, load.connections);
  const begun = performance.now(); // `smtp-source` starts and connects within a few milliseconds
  await Promise.all(Array.from({ length: senders }, (_, sender) => runInTurn(commandsOf(port, load, sender, senders))));
  return begun;
};
