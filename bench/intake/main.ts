/**
 * `npm run bench:intake`: messages per second, from the first connection to the last message standing in its folder, of Mailstead and,
 * where Debian's postfix and dovecot-lmtpd are installed and we are root, of those two, in the same run on the same disk.
 *
 * `--client` says who sends: Postfix's `smtp-source`, which waits for the reply to every command, or the client of our own, which may wait so too
 * (`plain`), pipeline (RFC 2920), as mail servers do, or send in chunks (RFC 3030).
 *
 * Options: `--client smtp-source|plain|pipelining|chunking --messages 5000 --size 10240 --connections 20 --mailboxes 100 --recipients 1 --rounds 3 --warm 3000
 * --only mailstead|peer --postgres DIR --profile DIR`: `--postgres /usr/lib/postgresql/15/bin` is Debian's PostgreSQL instead of the registry's.
 */
import { parseArgs } from 'node:util';
import { sendByClient } from './client/run-client.ts';
import { MODES } from './client/task.ts';
import { DEFAULT_LOAD, type Load, type Sender, sendBySmtpSource } from './load.ts';
import { openSubjects } from './open-subjects.ts';
import { runRounds, say, warmUp } from './rounds.ts';

const { values } = parseArgs({
  options: {
    client: { type: 'string', default: 'smtp-source' },
    messages: { type: 'string', default: String(DEFAULT_LOAD.messages) },
    size: { type: 'string', default: String(DEFAULT_LOAD.sizeBytes) },
    connections: { type: 'string', default: String(DEFAULT_LOAD.connections) },
    mailboxes: { type: 'string', default: String(DEFAULT_LOAD.mailboxes) },
    recipients: { type: 'string', default: String(DEFAULT_LOAD.recipients) },
    rounds: { type: 'string', default: '3' },
    warm: { type: 'string', default: '3000' },
    only: { type: 'string' },
    postgres: { type: 'string' },
    profile: { type: 'string' },
  },
});

function requireSender(name: string): Sender {
  if (name === 'smtp-source') return sendBySmtpSource;
  const mode = MODES.find((candidate) => candidate === name);
  if (!mode) throw new Error(`There is no client ${name}: choose smtp-source, ${MODES.join(', ')}`);
  return sendByClient(mode);
}

const send = requireSender(values.client);
const load: Load = {
  messages: Number(values.messages),
  sizeBytes: Number(values.size),
  connections: Number(values.connections),
  mailboxes: Number(values.mailboxes),
  recipients: Number(values.recipients),
};

say(
  `${load.messages} messages of ${load.sizeBytes} bytes to ${load.recipients} of ${load.mailboxes} mailboxes, ${load.connections} connections, client ${values.client}, ${values.rounds} rounds`,
);
const { subjects, close } = await openSubjects({
  mailboxes: load.mailboxes,
  postgresDir: values.postgres,
  profileDir: values.profile,
  only: values.only,
});
try {
  for (const subject of subjects) await warmUp(subject, send, Number(values.warm));
  const [own, peer] = await runRounds(subjects, load, send, Number(values.rounds));
  if (own && peer) say(`ratio of the medians: ${(own.perSecond / peer.perSecond).toFixed(1)}`);
} finally {
  await close();
}
