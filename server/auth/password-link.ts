/**
 * One-time links with which an operator sets a password. Only the SHA-256 of the token is kept; a new link ends the older ones of
 * the same person; redeeming is one transaction, so that a link is used once whatever arrives in parallel.
 */
import { createHash, randomBytes } from 'node:crypto';
import { OperationError } from '../actor/errors.ts';
import { recordAudit } from '../audit/record-audit.ts';
import type { Database } from '../database/prisma.ts';
import { inTransaction } from '../database/transaction.ts';
import { emailInput, personNameInput } from '../input/text.ts';
import { readSettings } from '../settings/resolve-settings.ts';
import { operatorActor } from './operator-actor.ts';
import { hashPassword } from './password.ts';
import { requireGoodPassword } from './password-rules.ts';
import { type AuthContext, revokeSessions } from './web-session.ts';

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

function hashToken(token: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(token).digest());
}

export interface PasswordLink {
  /** Shown once, kept nowhere. */
  token: string;
  expiresAt: Date;
}

/** Makes a fresh link and ends the earlier ones. Whether the asker may is for the caller to have checked. */
export async function issuePasswordLink({ db, now }: AuthContext, operatorId: bigint): Promise<PasswordLink> {
  const { 'auth.passwordLinkHours': hours } = await readSettings(db);
  const token = randomBytes(32).toString('base64url');
  const expiresAt = new Date(now().getTime() + hours * 3_600_000);
  await db.passwordLink.deleteMany({ where: { operatorId } });
  await db.passwordLink.create({ data: { tokenHash: hashToken(token), operatorId, createdAt: now(), expiresAt } });
  return { token, expiresAt };
}

export interface PasswordLinkView {
  email: string;
  name: string;
  /** True for the very first admin, who also chooses email and name. */
  choosesIdentity: boolean;
}

async function isFirstAdmin(db: Database, operator: { role: string; passwordHash: string | null }): Promise<boolean> {
  if (operator.role !== 'admin' || operator.passwordHash !== null) return false;
  return (await db.operator.count({ where: { role: 'admin', deletedAt: null, passwordHash: { not: null } } })) === 0;
}

async function findOperator({ db, now }: AuthContext, token: string) {
  if (!TOKEN.test(token)) return null;
  const link = await db.passwordLink.findUnique({
    where: { tokenHash: hashToken(token) },
    include: { operator: true },
  });
  if (!link || link.usedAt || link.expiresAt <= now() || link.operator.deletedAt) return null;
  return link.operator;
}

/** What the link's page shows; null for a link that is unknown, used or too old. */
export async function findPasswordLink(context: AuthContext, token: string): Promise<PasswordLinkView | null> {
  const operator = await findOperator(context, token);
  if (!operator) return null;
  const { email, name } = operator;
  return { email, name, choosesIdentity: await isFirstAdmin(context.db, operator) };
}

export interface RedeemInput {
  token: string;
  password: string;
  /** Taken from the first admin only (`choosesIdentity`). */
  email?: string | undefined;
  name?: string | undefined;
}

const DEAD_LINK = 'This link was used already or is too old: ask for a new one.';

function chosenIdentity(input: RedeemInput): { email?: string; name?: string } {
  const email = emailInput.optional().safeParse(input.email);
  const name = personNameInput.optional().safeParse(input.name);
  const fields: Record<string, string> = {};
  for (const [field, { error }] of Object.entries({ email, name })) {
    const [issue] = error?.issues ?? [];
    if (issue) fields[field] = issue.message;
  }
  if (!email.success || !name.success) throw new OperationError('invalid', 'Check email and name.', fields);
  return {
    ...(email.data !== undefined && { email: email.data }),
    ...(name.data !== undefined && { name: name.data }),
  };
}

/** Sets the password and ends the person's other sessions; returns the email to sign in with. A refused password leaves the link good. */
export async function redeemPasswordLink(context: AuthContext, input: RedeemInput): Promise<{ email: string }> {
  return inTransaction(context.db, async (db) => {
    const within = { db, now: context.now };
    const operator = await findOperator(within, input.token);
    if (!operator) throw new OperationError('not-found', DEAD_LINK);
    const identity = (await isFirstAdmin(db, operator)) ? chosenIdentity(input) : {};
    const email = identity.email ?? operator.email;
    requireGoodPassword(input.password, email);
    const used = await db.passwordLink.updateMany({
      where: { tokenHash: hashToken(input.token), usedAt: null },
      data: { usedAt: context.now() },
    });
    if (used.count !== 1) throw new OperationError('not-found', DEAD_LINK);
    const data = { ...identity, passwordHash: await hashPassword(input.password) };
    await db.operator.update({ where: { id: operator.id }, data });
    await revokeSessions(within, { operatorId: operator.id });
    const actor = operatorActor({ ...operator, email });
    await recordAudit(db, { actor, at: context.now(), operation: 'auth.redeemPasswordLink' });
    return { email };
  });
}
