/**
 * `npm run bench:matrix`: intake beside Postfix and Dovecot over sizes, connections, recipients and ways to send, one case after the other
 * in the same servers, each side in turns. Prints a Markdown table.
 *
 * Options: `--rounds 1 --warm 3000 --scale 1` (messages of every case times this) `--case NAME`, as often as wanted, `--only mailstead|peer`.
 */
import { parseArgs } from 'node:util';
import { sendByClient } from '../intake/client/run-client.ts';
import { DEFAULT_LOAD, type Load, type Sender, sendBySmtpSource } from '../intake/load.ts';
import type { Result } from '../intake/measure.ts';
import { openSubjects } from '../intake/open-subjects.ts';
import { runRounds, say, warmUp } from '../intake/rounds.ts';

const KIB = 1024;

interface Case {
  name: string;
  load: Partial<Load>;
  send?: Sender;
}

const CASES: readonly Case[] = [
  { name: '10 KiB, 20 connections', load: { messages: 4000 } },
  { name: '1 KiB', load: { messages: 4000, sizeBytes: KIB } },
  { name: '100 KiB', load: { messages: 1000, sizeBytes: 100 * KIB } },
  { name: '10 MiB', load: { messages: 40, mailboxes: 10, sizeBytes: 10 * KIB * KIB } },
  { name: '1 connection', load: { messages: 400, connections: 1 } },
  { name: '200 connections', load: { messages: 8000, connections: 200 } },
  { name: '100 recipients a message', load: { messages: 100, recipients: 100 } },
  { name: 'a client that pipelines', load: { messages: 4000 }, send: sendByClient('pipelining') },
];

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '1' },
    warm: { type: 'string', default: '3000' },
    scale: { type: 'string', default: '1' },
    case: { type: 'string', multiple: true },
    only: { type: 'string' },
  },
});

function perSecond(result: Result | undefined): string {
  return result ? `${result.perSecond.toFixed(result.perSecond < 100 ? 1 : 0)}/s` : '';
}

const { subjects, close } = await openSubjects({ mailboxes: DEFAULT_LOAD.mailboxes, only: values.only });
try {
  for (const subject of subjects) await warmUp(subject, sendBySmtpSource, Number(values.warm));
  const rows: string[] = [];
  for (const { name, load, send = sendBySmtpSource } of CASES) {
    if (values.case && !values.case.includes(name)) continue;
    say(name);
    const wanted = { ...DEFAULT_LOAD, ...load };
    wanted.messages = Math.max(1, Math.round(wanted.messages * Number(values.scale)));
    const [first, second] = await runRounds(subjects, wanted, send, Number(values.rounds));
    const ratio = first && second ? (first.perSecond / second.perSecond).toFixed(1) : '';
    rows.push(`| ${name} | ${perSecond(first)} | ${perSecond(second)} | ${ratio} |`);
  }
  say(`| | ${subjects.map(({ name }) => name).join(' | ')} | ratio |\n|---|---|---|---|\n${rows.join('\n')}`);
} finally {
  await close();
}
