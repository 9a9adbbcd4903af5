/**
 * The session cookie: a JWT, encrypted by NextAuth under MAILSTEAD_SECRET, that holds only the id of a `web_session` row.
 * Whoever it belongs to and whether it still holds is asked of the database at every request, so revoking works at once.
 */
import { decode } from 'next-auth/jwt';
import { container } from './container.ts';

export function isSecureSite(): boolean {
  return container().config.http.publicUrl.startsWith('https:');
}

export function sessionCookieName(): string {
  return `${isSecureSite() ? '__Secure-' : ''}mailstead.session`;
}

/** The web session's id in a cookie's value; undefined where it is forged, expired, or not ours. */
export async function readSessionId(cookie: string | undefined): Promise<string | undefined> {
  if (cookie === undefined) return undefined;
  try {
    const token = await decode({ token: cookie, secret: container().secret });
    return typeof token?.sid === 'string' ? token.sid : undefined;
  } catch {
    return undefined; // decryption failed: not made by us, or expired; both mean signed out
  }
}
