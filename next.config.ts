import type { NextConfig } from 'next';

const config: NextConfig = {
  /** A second build folder lets a development server run beside a production one. */
  distDir: process.env.MAILSTEAD_NEXT_DIR ?? '.next',
  poweredByHeader: false,
  serverExternalPackages: ['pg', 'pino', 'pino-pretty', 'imapflow', 'nodemailer', '@prisma/client', '@prisma/adapter-pg', 'sanitize-html'],
  experimental: { serverActions: { bodySizeLimit: '1mb' } },
};

export default config;
