/**
 * `npm run bench:intake`: messages per second, from the first connection to the last message standing in its folder, of Mailstead and,
 * where Debian's postfix and dovecot-lmtpd are installed and we are root, of those two, in the same run on the same disk.
 *
 * Options: `--messages 5000 --size 10240 --connections 20 --mailboxes 100 --rounds 1 --only mailstead|peer --profile DIR`.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Load } from './load.ts';
import { startMailstead } from './mailstead.ts';
import { measure, type Result } from './measure.ts';
import { hasPostfixDovecot, startPostfixDovecot } from './postfix-dovecot.ts';
import type { Subject } from './subject.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: '5000' },
    size: { type: 'string', default: '10240' },
    connections: { type: 'string', default: '20' },
    mailboxes: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '1' },
    only: { type: 'string' },
    profile: { type: 'string' },
  },
});

const load: Load = {
  messages: Number(values.messages),
  sizeBytes: Number(values.size),
  connections: Number(values.connections),
  mailboxes: Number(values.mailboxes),
};

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function toLine({ name, messages, seconds, perSecond, cpuMs }: Result): string {
  const cpu = Object.entries(cpuMs).map(([program, ms]) => `${program} ${ms.toFixed(2)} ms`);
  return `${name}: ${messages} messages in ${seconds.toFixed(2)} s, ${perSecond.toFixed(0)}/s; CPU a message: ${cpu.join(', ')}`;
}

/** The first, shorter run warms both sides alike: folders, caches, prepared statements. */
async function runSubject(start: () => Promise<Subject>): Promise<Result> {
  const subject = await start();
  try {
    await measure(subject, { ...load, messages: Math.ceil(load.messages / 10) });
    let best: Result | undefined;
    for (let round = 0; round < Number(values.rounds); round++) {
      const result = await measure(subject, load);
      say(toLine(result));
      if (!best || result.perSecond > best.perSecond) best = result;
    }
    if (!best) throw new Error('no round was run');
    return best;
  } finally {
    await subject.stop();
  }
}

const dir = await mkdtemp(join(tmpdir(), 'mailstead-bench-'));
await chmod(dir, 0o755);
try {
  say(
    `${load.messages} messages of ${load.sizeBytes} bytes, ${load.connections} connections, ${load.mailboxes} mailboxes`,
  );
  const peer =
    values.only !== 'mailstead' && (await hasPostfixDovecot())
      ? await runSubject(() => startPostfixDovecot(dir, load.mailboxes))
      : undefined;
  const own =
    values.only === 'peer' ? undefined : await runSubject(() => startMailstead(dir, load.mailboxes, values.profile));
  if (own && peer) say(`ratio: ${(own.perSecond / peer.perSecond).toFixed(1)}`);
  else if (own && values.only === undefined) say('Postfix and Dovecot are not installed here: no ratio');
} finally {
  await rm(dir, { recursive: true, force: true });
}
