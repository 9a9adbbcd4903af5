/**
 * `npm run bench:intake`: messages per second, from the first connection to the last message standing in its folder, of Mailstead and,
 * where Debian's postfix and dovecot-lmtpd are installed and we are root, of those two, in the same run on the same disk.
 *
 * Options: `--messages 5000 --size 10240 --connections 20 --mailboxes 100 --recipients 1 --rounds 3 --warm 3000
 * --only mailstead|peer --profile DIR`.
 */
import { parseArgs } from 'node:util';
import { DEFAULT_LOAD, type Load, sendBySmtpSource } from './load.ts';
import { openSubjects } from './open-subjects.ts';
import { runRounds, say, warmUp } from './rounds.ts';

const { values } = parseArgs({
  options: {
    messages: { type: 'string', default: String(DEFAULT_LOAD.messages) },
    size: { type: 'string', default: String(DEFAULT_LOAD.sizeBytes) },
    connections: { type: 'string', default: String(DEFAULT_LOAD.connections) },
    mailboxes: { type: 'string', default: String(DEFAULT_LOAD.mailboxes) },
    recipients: { type: 'string', default: String(DEFAULT_LOAD.recipients) },
    rounds: { type: 'string', default: '3' },
    warm: { type: 'string', default: '3000' },
    only: { type: 'string' },
    profile: { type: 'string' },
  },
});

const load: Load = {
  messages: Number(values.messages),
  sizeBytes: Number(values.size),
  connections: Number(values.connections),
  mailboxes: Number(values.mailboxes),
  recipients: Number(values.recipients),
};

say(
  `${load.messages} messages of ${load.sizeBytes} bytes to ${load.recipients} of ${load.mailboxes} mailboxes, ${load.connections} connections, ${values.rounds} rounds`,
);
const { subjects, close } = await openSubjects({
  mailboxes: load.mailboxes,
  profileDir: values.profile,
  only: values.only,
});
try {
  for (const subject of subjects) await warmUp(subject, sendBySmtpSource, Number(values.warm));
  const [own, peer] = await runRounds(subjects, load, sendBySmtpSource, Number(values.rounds));
  if (own && peer) say(`ratio of the medians: ${(own.perSecond / peer.perSecond).toFixed(1)}`);
} finally {
  await close();
}
