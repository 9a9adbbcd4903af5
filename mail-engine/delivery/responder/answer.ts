/**
 * Answers a message that reached a responder, once per sender in its interval. The sender is claimed first and the answer goes
 * through intake under a ref made of the entry's: a crash between the two repeats both, and neither loses nor doubles the answer.
 * It has the null reverse-path, so nothing ever comes back to be answered.
 */
import type { Pool } from 'pg';
import type { Intake, IntakeEnvelope } from '#engine/intake/types.ts';
import { formatMailbox } from '#engine/wire/address/mailbox.ts';
import { normaliseAddress } from '#server/addresses/normalise-address.ts';
import type { Logger } from '#server/logger.ts';
import { injectMessage } from '../local/local-delivery.ts';
import { composeAnswer } from './compose-answer.ts';
import { refuseAnswer } from './refuse-answer.ts';
import { claimAnswer, loadResponder } from './responder-store.ts';

export interface AnswerDeps {
  pool: Pool;
  intake: Intake;
  /** Runs the injection unless its ref was injected before. */
  injectOnce: (ref: string, inject: () => Promise<void>) => Promise<boolean>;
  /** Of Message-IDs. */
  hostname: string;
  now: () => Date;
  log: Logger;
}

interface Incoming {
  /** Reverse-path. */
  sender: string;
  /** The address it was written to. */
  recipient: string;
  readHeader: () => Promise<Buffer>;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what is asked for
const ASCII = /^[\x00-\x7f]*$/;

/** `entryRef` is the queue entry's own, the same at every attempt. */
export async function answer(
  deps: AnswerDeps,
  responderId: number,
  entryRef: string,
  incoming: Incoming,
): Promise<void> {
  const { pool, log, hostname } = deps;
  const sender = normaliseAddress(incoming.sender);
  const responder = sender && (await loadResponder(pool, responderId));
  if (!responder) return;
  const { localPart, domain, intervalDays, ...words } = responder;
  const address = `${localPart}@${domain}`;
  const header = await incoming.readHeader();
  const refusal = refuseAnswer({ sender: incoming.sender, header, addresses: [address, incoming.recipient] });
  if (refusal !== null) {
    log.debug({ responder: address, why: refusal }, 'not answered');
    return;
  }
  const ref = `${entryRef}-answer-${responderId}`;
  const at = deps.now();
  if (!(await claimAnswer(pool, { addressId: responderId, sender: sender.address, at, ref, intervalDays }))) return;
  const [from, to] = [formatMailbox({ localPart, domain }), formatMailbox(sender)];
  const bytes = composeAnswer({ from, to, ...words, header, messageId: `<${ref}@${hostname}>`, date: at });
  const envelope: IntakeEnvelope = {
    sender: '',
    recipients: [{ kind: 'remote', address: to, destination: sender.domain, notify: 'NEVER' }],
    ref,
    received: '',
    peer: 'queue',
    smtpUtf8: !ASCII.test(from + to),
    maxBytes: bytes.length,
  };
  await deps.injectOnce(ref, () => injectMessage(deps.intake, envelope, [bytes]));
}
