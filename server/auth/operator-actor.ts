import type { Actor } from '../actor/actor.ts';

const KINDS = { admin: 'admin', reseller: 'reseller', domain_owner: 'domain-owner' } as const;

export type OperatorRole = keyof typeof KINDS;

export function operatorActor(operator: { id: bigint; email: string; role: OperatorRole }): Actor {
  return { kind: KINDS[operator.role], operatorId: operator.id, label: operator.email };
}

export function accountActor(account: { id: bigint; domainId: bigint; address: string }): Actor {
  return { kind: 'mailbox-owner', accountId: account.id, domainId: account.domainId, label: account.address };
}
