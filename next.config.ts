import type { NextConfig } from 'next';

/** On every answer, files and API included. Pages get their content security policy from proxy.ts. */
const SECURITY_HEADERS = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=(), payment=(), usb=()' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
  { key: 'X-Permitted-Cross-Domain-Policies', value: 'none' },
];

const config: NextConfig = {
  /** A second build folder lets a development server run beside a production one. */
  distDir: process.env.MAILSTEAD_NEXT_DIR ?? '.next',
  poweredByHeader: false,
  reactStrictMode: true,
  devIndicators: false,
  /** A file of its own: Next.js rewrites the one it is given unless that extends another. Types are checked by `npm test`. */
  typescript: { tsconfigPath: 'app/tsconfig.json', ignoreBuildErrors: true },
  serverExternalPackages: [
    'pg',
    'pino',
    'pino-pretty',
    'imapflow',
    'nodemailer',
    '@prisma/client',
    '@prisma/adapter-pg',
    'sanitize-html',
  ],
  experimental: {
    serverActions: { bodySizeLimit: '1mb' },
    /** `forbidden()` and its page. */
    authInterrupts: true,
  },
  headers: async () => [{ source: '/:path*', headers: SECURITY_HEADERS }],
};

export default config;
