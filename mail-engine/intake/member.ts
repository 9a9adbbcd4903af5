/** Turns an envelope and finished bytes into what the committer writes. */
import type { Member, Placement, QueueEntryPlan, QueuePlan } from '#engine/store/batch/types.ts';
import type { FinishedBlob } from '#engine/store/blob/blob-writer.ts';
import type { MessageFacts } from '#engine/wire/mime/types.ts';
import type { IntakeEnvelope, IntakeRecipient, LocalRecipient, RemoteRecipient } from './types.ts';

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

function toEntry({ address, destination, notify, orcpt }: Omit<RemoteRecipient, 'kind'>): QueueEntryPlan {
  return { recipient: address, destination, notify: notify ?? null, orcpt: orcpt ?? null };
}

/** For a copy that cannot be put in its folder now: the queue tries, under the address it came for unless that does more. */
function toLocalEntry(recipient: LocalRecipient): QueueEntryPlan {
  const address = recipient.queueAs ?? recipient.address;
  return toEntry({ ...recipient, address, destination: address.slice(address.lastIndexOf('@') + 1).toLowerCase() });
}

function toPlacement(envelope: IntakeEnvelope, recipient: LocalRecipient, trail: string, now: Date): Placement {
  const { accountId, domainId, address, folder = 'INBOX' } = recipient;
  const fallback = recipient.neverQueued ? null : toLocalEntry(recipient);
  return {
    accountId,
    folderName: folder,
    prefix: localPrefix(envelope, address, trail),
    flags: 0,
    keywords: [],
    internalDate: now,
    delivery: { domainId, address, fallback },
  };
}

function isLocal(recipient: IntakeRecipient): recipient is LocalRecipient {
  return recipient.kind === 'local';
}

/** The first of each key. */
function distinct(
  recipients: readonly LocalRecipient[],
  keyOf: (recipient: LocalRecipient) => string,
): LocalRecipient[] {
  if (recipients.length <= 1) return [...recipients];
  const found = new Map<string, LocalRecipient>();
  for (const recipient of recipients) {
    const key = keyOf(recipient);
    if (!found.has(key)) found.set(key, recipient);
  }
  return [...found.values()];
}

/** Held back, for a time or until somebody releases it: nothing goes into a folder yet. */
function isHeldBack({ notBefore, hold }: IntakeEnvelope): boolean {
  return notBefore !== undefined || hold !== undefined;
}

/** Two addresses of one account are one copy. */
function toPlacements(envelope: IntakeEnvelope, trail: string, now: Date): Placement[] {
  if (isHeldBack(envelope)) return [];
  const locals = distinct(
    envelope.recipients.filter(isLocal),
    ({ accountId, folder = 'INBOX' }) => `${accountId}/${folder}`,
  );
  return locals.map((recipient) => toPlacement(envelope, recipient, trail, now));
}

/** An address that stands for several accounts, or for more than accounts, is one entry: the queue looks up who they are. */
function toEntries(envelope: IntakeEnvelope): QueueEntryPlan[] {
  const remotes = envelope.recipients.filter((recipient) => !isLocal(recipient)).map(toEntry);
  if (!isHeldBack(envelope)) return remotes;
  const own = envelope.recipients.filter(isLocal).filter(({ queueAs }) => queueAs === undefined);
  const locals = distinct(own, ({ address }) => address.toLowerCase());
  return [...remotes, ...locals.map(toLocalEntry)];
}

function toQueue({ envelope, facts, now, queueLifetimeMs }: Source, trail: string): QueuePlan {
  const notBefore = envelope.notBefore ?? null;
  const from = Math.max(now.getTime(), notBefore?.getTime() ?? 0);
  return {
    prefix: trail,
    sender: envelope.sender,
    envId: envelope.envId ?? null,
    ret: envelope.ret ?? null,
    smtpUtf8: envelope.smtpUtf8 ?? false,
    eightBit: facts.eightBitBody || facts.eightBitHeader,
    accountId: envelope.accountId ?? null,
    expiresAt: new Date(from + queueLifetimeMs),
    notBefore,
    requireTls: envelope.requireTls ?? false,
    holdReason: envelope.hold?.reason ?? null,
    entries: toEntries(envelope),
  };
}

export function buildMember(source: Source): Member {
  const { envelope, blob, extraHeader, now } = source;
  const trail = envelope.received + extraHeader;
  return {
    blob,
    placements: toPlacements(envelope, trail, now),
    queue: toQueue(source, trail),
    trace: {
      ref: envelope.ref,
      sender: envelope.sender,
      peer: envelope.peer,
      submittedBy: envelope.accountId ?? null,
      detail: envelope.traceDetail ?? null,
    },
  };
}
