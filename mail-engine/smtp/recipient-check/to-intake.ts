/** What an accepted RCPT means to intake: copies in folders, and the queue for what leaves, is answered or reports success. */
import { domainToASCII } from 'node:url';
import type { IntakeRecipient, LocalRecipient, RemoteRecipient } from '#engine/intake/types.ts';
import type { RcptParameters } from '#engine/wire/smtp/parameters.ts';
import type { Mailbox } from '#engine/wire/smtp/path.ts';
import type { DeliverableRecipient } from '#server/directory/types.ts';
import { refuse } from '../reply.ts';

export interface GivenRecipient {
  recipient: Mailbox;
  parameters: RcptParameters;
}

/** Refused: a domain no mail is sent to. */
export function toRemote({ recipient, parameters }: GivenRecipient): RemoteRecipient {
  const { address, domain } = recipient;
  const destination = domainToASCII(domain);
  if (destination === '' || domain.startsWith('[')) throw refuse(550, '5.1.2', 'No mail is sent to that domain');
  return { kind: 'remote', address, destination, ...parameters };
}

function toLocals({ targets }: DeliverableRecipient, { recipient, parameters }: GivenRecipient): LocalRecipient[] {
  const { address } = recipient;
  return targets.map(({ accountId, domainId }) => ({ kind: 'local', accountId, domainId, address, ...parameters }));
}

/** Who is to be told of success (RFC 3461 §4.1) goes through the queue, which delivers here and writes the notification. */
function wantsSuccessNotice(sender: string, { notify }: RcptParameters): boolean {
  return sender !== '' && (notify?.split(',').includes('SUCCESS') ?? false);
}

/** Copies go into their folders at once; forwarding and answering are the queue's, which looks the address up again. */
export function toIntake(found: DeliverableRecipient, given: GivenRecipient, sender: string): IntakeRecipient[] {
  const isMore = found.remotes.length > 0 || found.responderIds.length > 0;
  if (wantsSuccessNotice(sender, given.parameters)) return [{ ...toRemote(given), hosted: true }];
  const locals = toLocals(found, given);
  if (!isMore) return locals;
  const copies = locals.map((local, index) => ({ ...local, queueAs: found.targets[index]?.address ?? local.address }));
  return [...copies, { ...toRemote(given), hosted: true }];
}
