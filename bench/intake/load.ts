/** The load: Postfix's `smtp-source`, ten senders with an equal share of the connections, each going through its own tenth of the mailboxes. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface Load {
  messages: number;
  sizeBytes: number;
  connections: number;
  mailboxes: number;
}

export const DOMAIN = 'bench.example';
const SENDERS = 10;

export function mailboxName(index: number): string {
  return `box${index}`;
}

async function send(port: number, load: Load, sender: number, mailbox: number, messages: number): Promise<void> {
  const sessions = Math.max(1, Math.round(load.connections / SENDERS));
  const args = ['-4', '-d', '-s', sessions, '-m', messages, '-l', load.sizeBytes, '-M', 'client.example'];
  const addresses = ['-f', `sender${sender}@client.example`, '-t', `${mailboxName(mailbox)}@${DOMAIN}`];
  const child = spawn('smtp-source', [...args.map(String), ...addresses, `inet:127.0.0.1:${port}`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`smtp-source ended with ${code}: ${stderr.trim()}`);
}

/** How many messages `runLoad` sends: an equal number to each mailbox. */
export function countMessages({ messages, mailboxes }: Load): number {
  return Math.max(1, Math.round(messages / mailboxes)) * mailboxes;
}

/** Resolves when every message has been answered. */
export async function runLoad(port: number, load: Load): Promise<void> {
  const share = Math.ceil(load.mailboxes / SENDERS);
  const each = countMessages(load) / load.mailboxes;
  const senders = Array.from({ length: SENDERS }, async (_, sender) => {
    for (let box = sender * share; box < Math.min(load.mailboxes, (sender + 1) * share); box++) {
      await send(port, load, sender, box, each);
    }
  });
  await Promise.all(senders);
}
