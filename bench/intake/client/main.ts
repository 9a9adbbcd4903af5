/** The client of our own, a process by itself: takes one task from its parent, sends it, and gives its report. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { DOMAIN } from '../load.ts';
import { LoadConnection } from './connection.ts';
import type { Report, Task } from './task.ts';

const LINE_CHARACTERS = 78;

/** As `smtp-source` makes them: a short header, then lines of one letter. */
function composeLetter(sizeBytes: number): Buffer {
  const head = `From: <sender@client.example>\r\nTo: <box@${DOMAIN}>\r\nDate: Mon, 23 Nov 2026 08:00:00 +0000\r\nMessage-Id: <1@client.example>\r\n\r\n`;
  const line = `${'X'.repeat(LINE_CHARACTERS)}\r\n`;
  const lines = Math.max(1, Math.ceil((sizeBytes - head.length) / line.length));
  return Buffer.from(head + line.repeat(lines));
}

async function run(task: Task): Promise<Report> {
  const { messages, mailboxes, ratePerSecond } = task;
  const bytes = composeLetter(task.sizeBytes);
  const connectedAtMs = performance.timeOrigin + performance.now();
  const open = Array.from({ length: task.connections }, () => LoadConnection.open(task.port, task.mode));
  const connections = await Promise.all(open);
  const report: Report = { connectedAtMs, replyMs: [], totalMs: [] };
  const begun = performance.now();
  let next = 0;

  async function work(connection: LoadConnection): Promise<void> {
    while (next < messages) {
      const nth = next++;
      const dueMs = ratePerSecond === undefined ? performance.now() - begun : (nth * 1000) / ratePerSecond;
      const earlyMs = begun + dueMs - performance.now();
      if (earlyMs > 0) await delay(earlyMs);
      const recipient = `${mailboxes[nth % mailboxes.length]}@${DOMAIN}`;
      report.replyMs.push(await connection.send({ sender: `sender${nth % 10}@client.example`, recipient, bytes }));
      report.totalMs.push(performance.now() - begun - dueMs);
    }
    await connection.close();
  }
  await Promise.all(connections.map(work));
  return report;
}

const [task] = (await once(process, 'message')) as [Task];
const report = await run(task);
process.send?.(report, undefined, undefined, () => process.disconnect());
