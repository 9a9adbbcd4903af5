/** Runs the client of our own in a process by itself. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { countMessages, mailboxName, type Sender } from '../load.ts';
import type { Mode, Report, Task } from './task.ts';

export async function runClient(task: Task): Promise<Report> {
  const child = fork(join(import.meta.dirname, 'main.ts'), []);
  const ended = once(child, 'exit');
  child.send(task);
  const [report] = (await Promise.race([once(child, 'message'), ended])) as [Report | number | null];
  await ended;
  if (report === null || typeof report === 'number') throw new Error(`the client ended with ${report}`);
  return report;
}

export function firstMailboxes(count: number): string[] {
  return Array.from({ length: count }, (_, at) => mailboxName(at));
}

/** Closed loop: every connection sends its next message when the last has been answered. */
export function sendByClient(mode: Mode): Sender {
  return async (port, load) => {
    const { sizeBytes, connections, mailboxes } = load;
    const messages = countMessages(load);
    const task = { port, mode, messages, sizeBytes, connections, mailboxes: firstMailboxes(mailboxes) };
    const { connectedAtMs } = await runClient(task);
    return connectedAtMs - performance.timeOrigin;
  };
}
