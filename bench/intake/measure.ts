/** One run: from the first connection to the moment the last message stands in its folder. */
import { setTimeout as delay } from 'node:timers/promises';
import { cpuSeconds, ownCpuSeconds } from './cpu-time.ts';
import { countMessages, type Load, type Sender } from './load.ts';
import type { Subject } from './subject.ts';

const POLL_MS = 20;
const PATIENCE_MS = 120_000;

export interface Result {
  name: string;
  messages: number;
  seconds: number;
  perSecond: number;
  /** CPU milliseconds a message cost, by program; `load` is the client's share. */
  cpuMs: Readonly<Record<string, number>>;
}

async function waitForDelivered(subject: Subject, wanted: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const delivered = await subject.countDelivered();
    if (delivered === wanted && !(await subject.isDelivering())) return;
    if (delivered > wanted || performance.now() > deadline) {
      throw new Error(`${subject.name}: ${delivered} copies are in folders, ${wanted} were sent`);
    }
    await delay(POLL_MS);
  }
}

async function readCpu({ processes }: Subject): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const [name, pid] of Object.entries(processes)) found.set(name, await cpuSeconds(pid));
  return found.set('load', await ownCpuSeconds());
}

export async function measure(subject: Subject, load: Load, send: Sender): Promise<Result> {
  const before = await subject.countDelivered();
  const messages = countMessages(load);
  const cpuBefore = await readCpu(subject);
  const begun = await send(subject.smtpPort, load);
  await waitForDelivered(subject, before + messages * load.recipients);
  const seconds = (performance.now() - begun) / 1000;
  const cpuAfter = await readCpu(subject);
  const cpuMs = Object.fromEntries(
    [...cpuAfter].map(([name, used]) => [name, ((used - (cpuBefore.get(name) ?? 0)) * 1000) / messages]),
  );
  return { name: subject.name, messages, seconds, perSecond: messages / seconds, cpuMs };
}
