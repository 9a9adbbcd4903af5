/**
 * Who is asking. Pages, server actions and route handlers get their actor from here and hand it to operations, which
 * authorise it; nothing here decides what somebody may do.
 */
import { cookies, headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { cache } from 'react';
import type { Actor } from '#server/actor/actor.ts';
import { findSessionActor } from '#server/auth/web-session.ts';
import type { Context } from '#server/operation.ts';
import { container } from './container.ts';
import { readSessionId, sessionCookieName } from './session-cookie.ts';

export type MailboxOwner = Extract<Actor, { kind: 'mailbox-owner' }>;
export type Operator = Exclude<Actor, MailboxOwner | { kind: 'system' }>;

/** The `web_session` id of this request's cookie, whether or not it still holds; undefined when signed out. */
export const findSessionId = cache(async (): Promise<string | undefined> => {
  const jar = await cookies();
  return readSessionId(jar.get(sessionCookieName())?.value);
});

/** Undefined when signed out: no cookie, a forged or expired one, a session revoked, a person suspended or deleted. */
export const findActor = cache(async (): Promise<Actor | undefined> => {
  const sessionId = await findSessionId();
  if (sessionId === undefined) return undefined;
  const { db, now } = container();
  return (await findSessionActor({ db, now }, sessionId)) ?? undefined;
});

/**
 * The browser's address: the one that `supervisor/peer-address.ts` left in X-Forwarded-For. What may stand before it came from the browser
 * and could be anything.
 */
export function lastForwarded(header: string | null | undefined): string | undefined {
  return header?.split(',').at(-1)?.trim() || undefined;
}

async function findPeer(): Promise<string | undefined> {
  return lastForwarded((await headers()).get('x-forwarded-for'));
}

/** What an operation needs: `createDomain(await operationContext(actor), input)`. */
export async function operationContext(actor: Actor): Promise<Context> {
  const { db, now, secret } = container();
  const ip = await findPeer();
  return { db, actor, now, secret, ...(ip !== undefined && { ip }) };
}

function signInPath(returnTo: string | undefined): string {
  return returnTo === undefined ? '/sign-in' : `/sign-in?next=${encodeURIComponent(returnTo)}`;
}

/** Sends the browser to the sign-in page when signed out. */
export async function requireActor(returnTo?: string): Promise<Actor> {
  return (await findActor()) ?? redirect(signInPath(returnTo));
}

/** Where somebody lands after signing in. */
export function homeOf(actor: Actor): '/panel' | '/webmail' {
  return actor.kind === 'mailbox-owner' ? '/webmail' : '/panel';
}

/** For /panel: mailbox owners are sent to their webmail. */
export async function requireOperator(returnTo?: string): Promise<Operator> {
  const actor = await requireActor(returnTo);
  if (actor.kind === 'mailbox-owner' || actor.kind === 'system') redirect('/webmail');
  return actor;
}

/** For /webmail: operators are sent to the panel. */
export async function requireMailboxOwner(returnTo?: string): Promise<MailboxOwner> {
  const actor = await requireActor(returnTo);
  if (actor.kind !== 'mailbox-owner') redirect('/panel');
  return actor;
}
