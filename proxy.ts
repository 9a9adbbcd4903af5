/**
 * Content security policy of every page: scripts run only with this answer's nonce. The policy also goes into the request,
 * where Next.js reads the nonce for its own scripts and the root layout for the theme's.
 * API routes and static files are left alone: the route that shows HTML mail sets a stricter policy of its own.
 */
import { randomBytes } from 'node:crypto';
import { type NextRequest, NextResponse } from 'next/server';

const NONCE_BYTES = 16;

function buildPolicy(nonce: string, secure: boolean): string {
  const development = process.env.NODE_ENV === 'development';
  const directives = [
    "default-src 'self'",
    // React's development build evaluates strings to show server stacks.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    // Menus and toasts position themselves with style attributes, which no nonce can cover.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ];
  if (secure) directives.push('upgrade-insecure-requests');
  return directives.join('; ');
}

export function proxy(request: NextRequest): NextResponse {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const policy = buildPolicy(nonce, request.nextUrl.protocol === 'https:');
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  response.headers.set('x-frame-options', 'DENY');
  return response;
}

export const config = {
  matcher: ['/((?!api/|_next/static/|_next/image|icon|favicon.ico|robots.txt).*)'],
};
