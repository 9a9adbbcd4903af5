/**
 * The short-lived bearer tokens with which webmail signs in to IMAP and submission (OAUTHBEARER, RFC 7628), so that no session
 * ever holds a password. A token names the web session it was made for: it dies with that session, and in five minutes anyway.
 * HS256 (RFC 7518 §3.2) under a key derived for this use alone.
 */
import { hkdfSync } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';

const LIFETIME_SECONDS = 300;
const ISSUER = 'mailstead';
const AUDIENCE = 'mail-engine';
/** Ours have about 300 characters. */
const MAX_LENGTH = 2_048;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export interface TokenGrant {
  /** The web session it was made for. */
  sessionId: string;
  accountId: number;
}

type TokenVerdict = { ok: true; grant: TokenGrant } | { ok: false; reason: 'wrong' | 'expired' };

export interface AccessTokens {
  issueAccessToken(grant: { sessionId: string; accountId: number | bigint | string }): Promise<string>;
  /** Signature, audience and age only; whether the session still stands is for the authenticator. Never throws on a bad token. */
  verifyAccessToken(token: string): Promise<TokenVerdict>;
}

function toVerdict(subject: string | undefined, sessionId: unknown): TokenVerdict {
  const accountId = /^\d{1,15}$/.test(subject ?? '') ? Number(subject) : undefined;
  if (accountId === undefined || typeof sessionId !== 'string' || !UUID.test(sessionId)) {
    return { ok: false, reason: 'wrong' };
  }
  return { ok: true, grant: { sessionId, accountId } };
}

/** `secret` is the installation's (config `secret`). */
export function createAccessTokens({ secret, now }: { secret: string; now: () => Date }): AccessTokens {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'mailstead access token', 32));

  const issueAccessToken: AccessTokens['issueAccessToken'] = ({ sessionId, accountId }) => {
    const issuedAt = Math.floor(now().getTime() / 1_000);
    return new SignJWT({ sid: sessionId })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setSubject(String(accountId))
      .setIssuedAt(issuedAt)
      .setExpirationTime(issuedAt + LIFETIME_SECONDS)
      .sign(key);
  };

  const verifyAccessToken: AccessTokens['verifyAccessToken'] = async (token) => {
    if (token.length > MAX_LENGTH) return { ok: false, reason: 'wrong' };
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        audience: AUDIENCE,
        requiredClaims: ['exp', 'sub', 'sid'],
        currentDate: now(),
      });
      return toVerdict(payload.sub, payload.sid);
    } catch (error) {
      if (error instanceof errors.JWTExpired) return { ok: false, reason: 'expired' };
      if (error instanceof errors.JOSEError) return { ok: false, reason: 'wrong' };
      throw error;
    }
  };
  return { issueAccessToken, verifyAccessToken };
}
