/**
 * Web sessions: a row in `web_session` is the session, the cookie only names it. Revoking the row, suspending or deleting its
 * person, or leaving it unused for `auth.sessionHours` ends it at the next request.
 */
import { randomUUID } from 'node:crypto';
import type { Actor } from '../actor/actor.ts';
import type { Database } from '../database/prisma.ts';
import { readSettings } from '../settings/resolve-settings.ts';
import { accountActor, operatorActor } from './operator-actor.ts';

export interface AuthContext {
  db: Database;
  now: () => Date;
}

/** Exactly one person: an operator or a mailbox owner. */
export type SessionOwner = { operatorId: bigint } | { accountId: bigint };

export interface NewWebSession {
  id: string;
  expiresAt: Date;
}

/** How old `seen_at` may grow before a request renews it: a busy page must not write for every request. */
const SEEN_EVERY_MS = 5 * 60_000;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

async function expiryFrom({ db, now }: AuthContext): Promise<Date> {
  const { 'auth.sessionHours': hours } = await readSettings(db);
  return new Date(now().getTime() + hours * 3_600_000);
}

export async function createWebSession(
  context: AuthContext,
  owner: SessionOwner,
  browser: { ip?: string | undefined; userAgent?: string | undefined },
): Promise<NewWebSession> {
  const at = context.now();
  const session = { id: randomUUID(), expiresAt: await expiryFrom(context) };
  const { ip = null, userAgent } = browser;
  const data = {
    ...session,
    ...owner,
    createdAt: at,
    seenAt: at,
    ip,
    userAgent: userAgent?.slice(0, 300).toWellFormed() ?? null,
  };
  await context.db.webSession.create({ data });
  return session;
}

const PEOPLE = { operator: true, account: { include: { domain: true } } } as const;

async function readSession(db: Database, id: string) {
  return db.webSession.findUnique({ where: { id }, include: PEOPLE });
}

type StoredSession = NonNullable<Awaited<ReturnType<typeof readSession>>>;

function findActor({ operator, account }: StoredSession): Actor | null {
  if (operator) return operator.deletedAt || operator.suspendedAt ? null : operatorActor(operator);
  if (!account || account.deletedAt || account.suspendedAt) return null;
  return account.domain.deletedAt || account.domain.suspendedAt ? null : accountActor(account);
}

/** Who is signed in with this session; null for one that is unknown, expired or revoked, or whose person may not sign in now. */
export async function findSessionActor(context: AuthContext, sessionId: string): Promise<Actor | null> {
  if (!UUID.test(sessionId)) return null;
  const at = context.now();
  const session = await readSession(context.db, sessionId);
  if (!session || session.revokedAt || session.expiresAt <= at) return null;
  const actor = findActor(session);
  if (actor && at.getTime() - session.seenAt.getTime() >= SEEN_EVERY_MS) {
    const data = { seenAt: at, expiresAt: await expiryFrom(context) };
    await context.db.webSession.updateMany({ where: { id: sessionId, revokedAt: null }, data });
  }
  return actor;
}

/** Those of the sessions that somebody is signed in with; asking renews none. */
export async function findLiveSessions({ db, now }: AuthContext, ids: readonly string[]): Promise<Set<string>> {
  const where = { id: { in: ids.filter((id) => UUID.test(id)) }, revokedAt: null, expiresAt: { gt: now() } };
  const sessions = await db.webSession.findMany({ where, include: PEOPLE });
  return new Set(sessions.filter((session) => findActor(session) !== null).map(({ id }) => id));
}

/** Ends one session; ending one that is unknown or over changes nothing. */
export async function signOut({ db, now }: AuthContext, sessionId: string): Promise<void> {
  if (!UUID.test(sessionId)) return;
  await db.webSession.updateMany({ where: { id: sessionId, revokedAt: null }, data: { revokedAt: now() } });
}

/** Ends all sessions of a person, `except` one; returns how many. Access tokens made for them die with them. */
export async function revokeSessions({ db, now }: AuthContext, owner: SessionOwner, except?: string): Promise<number> {
  const where = { ...owner, revokedAt: null, ...(except !== undefined && { id: { not: except } }) };
  const { count } = await db.webSession.updateMany({ where, data: { revokedAt: now() } });
  return count;
}

/** Removes rows of sessions that ended more than a week ago. */
export async function pruneWebSessions({ db, now }: AuthContext): Promise<number> {
  const before = new Date(now().getTime() - 7 * 86_400_000);
  const { count } = await db.webSession.deleteMany({
    where: { OR: [{ expiresAt: { lt: before } }, { revokedAt: { lt: before } }] },
  });
  return count;
}
