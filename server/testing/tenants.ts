/** Two resellers, three domain owners, a domain each with mailboxes: what tests of who may touch what stand on. */
import { randomBytes, randomUUID } from 'node:crypto';
import { createAccount } from '../accounts/create-account.ts';
import { deleteAccounts } from '../accounts/delete-accounts.ts';
import { type Actor, SYSTEM } from '../actor/actor.ts';
import { createAlias } from '../addresses/create-alias.ts';
import { createForward } from '../addresses/create-forward.ts';
import { createResponder } from '../addresses/create-responder.ts';
import type { Database } from '../database/prisma.ts';
import { createDomain } from '../domains/create-domain.ts';
import { deleteDomains } from '../domains/delete-domains.ts';
import type { Context } from '../operation.ts';
import { createOperator } from '../operators/create-operator.ts';
import { deleteOperators } from '../operators/delete-operators.ts';
import { grantSendAs } from '../send-as/grant-send-as.ts';

export const PASSWORD = 'correct horse battery';
/** The installation's. */
export const SECRET = 'a secret of at least thirty-two characters';

export function contextOf(db: Database, actor: Actor = SYSTEM, now = () => new Date()): Context {
  return { db, actor, now, secret: SECRET };
}

/** One domain owner's world; ids as results carry them. */
export interface Tenant {
  name: string;
  resellerId: string;
  ownerId: string;
  /** An owner the reseller deleted. */
  deletedOperatorId: string;
  domainId: string;
  deletedDomainId: string;
  accountId: string;
  otherAccountId: string;
  deletedAccountId: string;
  aliasId: string;
  forwardId: string;
  responderId: string;
  /** A message of `accountId` that waits to leave. */
  queueEntryId: string;
  /** A session of the mailbox owner. */
  sessionId: string;
  /** An app password of `accountId`. */
  appPasswordId: string;
  certificateId: string;
  /** Leave of `accountId` to send as all of its domain. */
  sendAsId: string;
  actors: { reseller: Actor; 'domain-owner': Actor; 'mailbox-owner': Actor };
}

async function addOperator(context: Context, email: string, role: 'reseller' | 'domain_owner', resellerId?: string) {
  const given = { email, name: email, role, ...(resellerId !== undefined && { resellerId }) };
  return (await createOperator(context, given)).id;
}

async function addAccount(context: Context, domainId: string, localPart: string): Promise<string> {
  return (await createAccount(context, { domainId, localPart, password: PASSWORD })).account.id;
}

export async function createReseller(db: Database, email: string): Promise<string> {
  return addOperator(contextOf(db), email, 'reseller');
}

async function addQueueEntry(db: Database, accountId: string, sender: string): Promise<string> {
  const { id: blobId } = await db.blob.create({ data: {}, select: { id: true } });
  const entry = await db.queueEntry.create({
    data: {
      recipient: 'someone@elsewhere.test',
      destination: 'elsewhere.test',
      message: {
        create: {
          blobId,
          prefix: Buffer.alloc(0),
          size: 0,
          sender,
          accountId: BigInt(accountId),
          ref: `queued-by-${sender}`,
          expiresAt: new Date(Date.now() + 86_400_000),
        },
      },
    },
    select: { id: true },
  });
  return String(entry.id);
}

/** Where a sign-in of the account opened relaying. */
export const OPEN_FROM = '192.0.2.1';

async function openRelay(db: Database, domainId: string, accountId: string): Promise<void> {
  await db.domain.update({ where: { id: BigInt(domainId) }, data: { popBeforeSmtp: true } });
  const times = { openedAt: new Date(), expiresAt: new Date(Date.now() + 86_400_000) };
  const opening = {
    address: OPEN_FROM,
    accountId: BigInt(accountId),
    credentialsVersion: 0,
    service: 'pop3',
    ...times,
  };
  await db.relayOpening.create({ data: opening });
}

async function addCertificate(db: Database, domainId: string, name: string): Promise<string> {
  const [notBefore, notAfter] = [new Date(), new Date(Date.now() + 86_400_000)];
  const what = {
    names: [`www.${name}`],
    chainPem: '',
    sealedKey: randomBytes(32),
    issuer: 'CN=test',
    fingerprint: '00',
  };
  const row = { domainId: BigInt(domainId), ...what, notBefore, notAfter, createdBy: 'tester' };
  return String((await db.certificate.create({ data: row, select: { id: true } })).id);
}

export async function createTenant(db: Database, name: string, resellerId: string): Promise<Tenant> {
  const context = contextOf(db);
  const ownerId = await addOperator(context, `owner@${name}`, 'domain_owner', resellerId);
  const deletedOperatorId = await addOperator(context, `gone@${name}`, 'domain_owner', resellerId);
  await deleteOperators(context, { ids: [deletedOperatorId] });
  const { id: domainId } = await createDomain(context, { name, ownerId });
  const { id: deletedDomainId } = await createDomain(context, { name: `gone.${name}`, ownerId });
  await deleteDomains(context, { ids: [deletedDomainId] });
  const accountId = await addAccount(context, domainId, 'ann');
  const otherAccountId = await addAccount(context, domainId, 'ben');
  const deletedAccountId = await addAccount(context, domainId, 'gone');
  await deleteAccounts(context, { ids: [deletedAccountId] });
  const { id: aliasId } = await createAlias(context, { domainId, localPart: 'team', targetIds: [accountId] });
  const forward = { domainId, localPart: 'onward', destinations: ['someone@elsewhere.test'] };
  const { id: forwardId } = await createForward(context, forward);
  const { id: responderId } = await createResponder(context, { domainId, localPart: 'answers', body: 'We got it.' });
  const queueEntryId = await addQueueEntry(db, accountId, `ann@${name}`);
  const sessionId = randomUUID();
  const expiresAt = new Date(Date.now() + 86_400_000);
  await db.webSession.create({ data: { id: sessionId, accountId: BigInt(accountId), expiresAt } });
  const { id: appPasswordId } = await db.appPassword.create({
    data: { accountId: BigInt(accountId), label: 'Phone', scopes: ['imap'], secretHash: randomBytes(32) },
  });
  const { id: sendAsId } = await grantSendAs(context, { accountId, address: `@${name}` });
  await openRelay(db, domainId, accountId);
  const certificateId = await addCertificate(db, domainId, name);
  const ids = { resellerId, ownerId, deletedOperatorId, domainId, deletedDomainId, accountId, otherAccountId };
  return {
    name,
    ...ids,
    deletedAccountId,
    aliasId,
    forwardId,
    responderId,
    queueEntryId,
    sessionId,
    sendAsId,
    appPasswordId: String(appPasswordId),
    certificateId,
    actors: {
      reseller: { kind: 'reseller', operatorId: BigInt(resellerId), label: 'reseller' },
      'domain-owner': { kind: 'domain-owner', operatorId: BigInt(ownerId), label: `owner@${name}` },
      'mailbox-owner': {
        kind: 'mailbox-owner',
        accountId: BigInt(accountId),
        domainId: BigInt(domainId),
        label: `ann@${name}`,
      },
    },
  };
}
