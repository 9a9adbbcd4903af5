/**
 * NextAuth with one way in: login and password, for operators and mailbox owners alike. The rules (throttling, suspension,
 * which of the two it is) are in `server/auth`; the token carries the web session's id and nothing else.
 */
import type { NextAuthOptions, User } from 'next-auth';
import Credentials from 'next-auth/providers/credentials';
import { z } from 'zod';
import { signOut } from '#server/auth/web-session.ts';
import { logger } from '#server/logger.ts';
import { closeWebmailSession } from '../api/webmail/runtime.ts';
import { container } from '../container.ts';
import { lastForwarded } from '../session.ts';
import { isSecureSite, sessionCookieName } from '../session-cookie.ts';

const log = logger('auth');
/** As long as `auth.sessionHours` may be at most: the database row decides when a session ends, the cookie only outlives it. */
const COOKIE_SECONDS = 90 * 86_400;

const credentials = z.object({ login: z.string().min(1), password: z.string().min(1) });
const requestHeaders = z.record(z.string(), z.unknown());

function headerText(headers: unknown, name: string): string | undefined {
  const value = requestHeaders.safeParse(headers).data?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** The thrown message reaches the sign-in form as `error`; it is one of the reasons of `SignInResult`. */
async function authorize(input: unknown, request: { headers?: unknown }): Promise<User> {
  const given = credentials.safeParse(input);
  if (!given.success) throw new Error('wrong');
  const result = await container().signIn({
    ...given.data,
    ip: lastForwarded(headerText(request.headers, 'x-forwarded-for')) ?? 'unknown',
    userAgent: headerText(request.headers, 'user-agent'),
  });
  if (!result.ok) throw new Error(result.reason);
  return { id: result.session.id };
}

export function nextAuthOptions(): NextAuthOptions {
  const { config, secret, db, now } = container();
  process.env.NEXTAUTH_URL = config.http.publicUrl; // NextAuth takes its own address from nowhere else
  return {
    secret,
    useSecureCookies: isSecureSite(),
    session: { strategy: 'jwt', maxAge: COOKIE_SECONDS },
    pages: { signIn: '/sign-in', signOut: '/sign-in', error: '/sign-in' },
    providers: [
      Credentials({
        credentials: { login: { type: 'text' }, password: { type: 'password' } },
        authorize,
      }),
    ],
    cookies: {
      sessionToken: {
        name: sessionCookieName(),
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecureSite() },
      },
    },
    callbacks: {
      jwt: ({ token, user }) => (user ? { sid: user.id } : { sid: token.sid }),
      session: ({ session }) => ({ expires: session.expires }),
      redirect: ({ baseUrl }) => baseUrl,
    },
    events: {
      signOut: async ({ token }) => {
        if (typeof token?.sid !== 'string') return;
        await signOut({ db, now }, token.sid);
        await closeWebmailSession(token.sid);
      },
    },
    logger: {
      error: (code) => log.info({ code }, 'sign-in machinery refused a request'),
      warn: (code) => log.debug({ code }, 'sign-in machinery warned'),
      debug: () => undefined,
    },
  };
}
