/**
 * `npm run bench:latency`: how long the reply to a message's last octet takes, of Mailstead and of Postfix with Dovecot. First one message at a
 * time on one connection; then at half of the rate each reaches at its best, messages being due at even intervals whether or not
 * earlier ones have been answered.
 *
 * Options: `--seconds 10 --connections 20 --warm 3000 --only mailstead|peer`.
 */
import { parseArgs } from 'node:util';
import { firstMailboxes, runClient, sendByClient } from '../intake/client/run-client.ts';
import type { Report, Task } from '../intake/client/task.ts';
import { DEFAULT_LOAD, sendBySmtpSource } from '../intake/load.ts';
import { measure } from '../intake/measure.ts';
import { openSubjects } from '../intake/open-subjects.ts';
import { percentile } from '../intake/percentile.ts';
import { say, warmUp } from '../intake/rounds.ts';
import type { Subject } from '../intake/subject.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    connections: { type: 'string', default: String(DEFAULT_LOAD.connections) },
    warm: { type: 'string', default: '3000' },
    only: { type: 'string' },
  },
});
const TRICKLE_MESSAGES = 300;
const PEAK_SECONDS = 5;

function toText({ replyMs, totalMs }: Report): string {
  const show = (found: readonly number[], share: number) => `${percentile(found, share).toFixed(1)} ms`;
  return `reply p50 ${show(replyMs, 0.5)}, p99 ${show(replyMs, 0.99)}; with all its commands p50 ${show(totalMs, 0.5)}, p99 ${show(totalMs, 0.99)}`;
}

/** Messages a second with as many connections as the measured run has. */
async function findPeak(subject: Subject, connections: number): Promise<number> {
  const load = { ...DEFAULT_LOAD, connections };
  const first = await measure(subject, { ...load, messages: 1000 }, sendByClient('plain'));
  const messages = Math.ceil(first.perSecond * PEAK_SECONDS);
  const { perSecond } = await measure(subject, { ...load, messages }, sendByClient('plain'));
  return perSecond;
}

async function tell(subject: Subject): Promise<void> {
  const common: Omit<Task, 'messages' | 'connections'> = {
    port: subject.smtpPort,
    mode: 'plain',
    sizeBytes: DEFAULT_LOAD.sizeBytes,
    mailboxes: firstMailboxes(DEFAULT_LOAD.mailboxes),
  };
  const trickle = await runClient({ ...common, messages: TRICKLE_MESSAGES, connections: 1 });
  say(`${subject.name}: one at a time: ${toText(trickle)}`);
  const connections = Number(values.connections);
  const ratePerSecond = (await findPeak(subject, connections)) / 2;
  const messages = Math.ceil(ratePerSecond * Number(values.seconds));
  const half = await runClient({ ...common, messages, connections, ratePerSecond });
  say(`${subject.name}: at half of peak, ${ratePerSecond.toFixed(0)}/s: ${toText(half)}`);
}

const { subjects, close } = await openSubjects({ mailboxes: DEFAULT_LOAD.mailboxes, only: values.only });
try {
  for (const subject of subjects) {
    await warmUp(subject, sendBySmtpSource, Number(values.warm));
    await tell(subject);
  }
} finally {
  await close();
}
