/** Who asks. Every operation takes one and authorises it. */
export type Actor =
  | { kind: 'system'; label: string }
  | { kind: 'admin'; operatorId: bigint; label: string }
  | { kind: 'reseller'; operatorId: bigint; label: string }
  | { kind: 'domain-owner'; operatorId: bigint; label: string }
  | { kind: 'mailbox-owner'; accountId: bigint; domainId: bigint; label: string };

export type ActorKind = Actor['kind'];

/** The supervisor, the engine and the command line act as this. */
export const SYSTEM: Actor = { kind: 'system', label: 'system' };
