/** Turns an envelope and finished bytes into what the committer writes. */
import type { Member, Placement, QueueEntryPlan, QueuePlan } from '#engine/store/batch/types.ts';
import type { FinishedBlob } from '#engine/store/blob/blob-writer.ts';
import type { MessageFacts } from '#engine/wire/mime/types.ts';
import type { IntakeEnvelope, LocalRecipient, RemoteRecipient } from './types.ts';

interface Source {
  envelope: IntakeEnvelope;
  blob: FinishedBlob;
  facts: MessageFacts;
  extraHeader: string;
  now: Date;
  queueLifetimeMs: number;
}

/** CR and LF would end the field: an address that has them gets nothing after them. */
function fieldValue(text: string): string {
  return text.replace(/[\r\n\0].*$/s, '');
}

function localPrefix({ sender }: IntakeEnvelope, address: string, trail: string): Buffer {
  return Buffer.from(`Return-Path: <${fieldValue(sender)}>\r\nDelivered-To: ${fieldValue(address)}\r\n${trail}`);
}

function toEntry({ address, destination, notify, orcpt }: RemoteRecipient): QueueEntryPlan {
  return { recipient: address, destination, notify: notify ?? null, orcpt: orcpt ?? null };
}

function toPlacement(envelope: IntakeEnvelope, recipient: LocalRecipient, trail: string, now: Date): Placement {
  const { accountId, domainId, address, folder = 'INBOX' } = recipient;
  const destination = address.slice(address.lastIndexOf('@') + 1).toLowerCase();
  return {
    accountId,
    folderName: folder,
    prefix: localPrefix(envelope, address, trail),
    flags: 0,
    keywords: [],
    internalDate: now,
    delivery: { domainId, address, fallback: { recipient: address, destination, notify: null, orcpt: null } },
  };
}

/** Two addresses of one account are one copy. */
function distinctLocals({ recipients }: IntakeEnvelope): LocalRecipient[] {
  const found = new Map<string, LocalRecipient>();
  for (const recipient of recipients) {
    if (recipient.kind !== 'local') continue;
    const key = `${recipient.accountId}/${recipient.folder ?? 'INBOX'}`;
    if (!found.has(key)) found.set(key, recipient);
  }
  return [...found.values()];
}

function toQueue({ envelope, facts, now, queueLifetimeMs }: Source, trail: string): QueuePlan {
  return {
    prefix: Buffer.from(trail),
    sender: envelope.sender,
    envId: envelope.envId ?? null,
    ret: envelope.ret ?? null,
    smtpUtf8: envelope.smtpUtf8 ?? false,
    eightBit: facts.eightBitBody || facts.eightBitHeader,
    accountId: envelope.accountId ?? null,
    expiresAt: new Date(now.getTime() + queueLifetimeMs),
    entries: envelope.recipients.flatMap((recipient) => (recipient.kind === 'remote' ? [toEntry(recipient)] : [])),
  };
}

export function buildMember(source: Source): Member {
  const { envelope, blob, extraHeader, now } = source;
  const trail = envelope.received + extraHeader;
  return {
    blob,
    placements: distinctLocals(envelope).map((recipient) => toPlacement(envelope, recipient, trail, now)),
    queue: toQueue(source, trail),
    trace: {
      ref: envelope.ref,
      sender: envelope.sender,
      peer: envelope.peer,
      submittedBy: envelope.accountId ?? null,
    },
  };
}
