/**
 * The process's configuration, from the environment, read once. A wrong value refuses to start with the variable's name.
 * What an admin may change while it runs is a setting in the database (`server/settings`), not here.
 */
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { parseNetwork } from './input/network.ts';

const port = z.coerce.number().int().min(0).max(65535);
const optionalPort = z.union([z.literal('off'), port]).optional();
const list = z
  .string()
  .transform((text) => text.split(',').map((item) => item.trim()))
  .pipe(z.array(z.string().min(1)));

const environment = z.object({
  NODE_ENV: z.enum(['production', 'development', 'test']).default('production'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  MAILSTEAD_VAR: z.string().default('var'),
  MAILSTEAD_HOSTNAME: z
    .string()
    .regex(/^[a-z0-9.-]+$/i, 'a host name')
    .default(hostname()),
  MAILSTEAD_SECRET: z.string().min(32, 'at least 32 characters').optional(),
  MAILSTEAD_URL: z.url().optional(),
  MAILSTEAD_HTTP_HOST: z.string().default('127.0.0.1'),
  MAILSTEAD_HTTP_PORT: port.min(1).default(3000),
  MAILSTEAD_HTTP_PROXIES: list
    .pipe(z.array(z.string().refine((text) => parseNetwork(text) !== undefined, 'addresses or networks')))
    .default([]),
  MAILSTEAD_BIND: list.default(['0.0.0.0', '::']),
  MAILSTEAD_SMTP_PORT: optionalPort,
  MAILSTEAD_SUBMISSION_PORT: optionalPort,
  MAILSTEAD_SUBMISSIONS_PORT: optionalPort,
  MAILSTEAD_LMTP_PORT: z.union([z.literal('off'), port]).default('off'),
  MAILSTEAD_LMTP_BIND: list.default(['127.0.0.1', '::1']),
  MAILSTEAD_IMAP_PORT: optionalPort,
  MAILSTEAD_IMAPS_PORT: optionalPort,
  MAILSTEAD_POP3_PORT: optionalPort,
  MAILSTEAD_POP3S_PORT: optionalPort,
  MAILSTEAD_USER: z.string().default('mailstead'),
  MAILSTEAD_TLS_CERT: z.string().optional(),
  MAILSTEAD_TLS_KEY: z.string().optional(),
  /** Resolvers for outgoing mail, `ip` or `ip:port`; the system's when unset. */
  MAILSTEAD_DNS_SERVERS: list.optional(),
  /** Port dialled at a destination's MX. */
  MAILSTEAD_REMOTE_SMTP_PORT: port.default(25),
  /** Where webmail finds IMAP and submission; this engine's own listeners when unset. */
  MAILSTEAD_WEBMAIL_IMAP: z
    .string()
    .regex(/^[^:]+:\d+$/, 'host:port')
    .optional(),
  MAILSTEAD_WEBMAIL_SUBMISSION: z
    .string()
    .regex(/^[^:]+:\d+$/, 'host:port')
    .optional(),
});

export type Service = 'smtp' | 'submission' | 'submissions' | 'lmtp' | 'imap' | 'imaps' | 'pop3' | 'pop3s';

/** Standard port, and the one taken when the process may not bind it. */
export const SERVICE_PORTS: Readonly<Record<Service, { standard: number; fallback: number }>> = {
  smtp: { standard: 25, fallback: 2525 },
  submission: { standard: 587, fallback: 2587 },
  submissions: { standard: 465, fallback: 2465 },
  /** RFC 2033 names no port but forbids 25; opened only where a port is configured. */
  lmtp: { standard: 24, fallback: 2424 },
  imap: { standard: 143, fallback: 2143 },
  imaps: { standard: 993, fallback: 2993 },
  pop3: { standard: 110, fallback: 2110 },
  pop3s: { standard: 995, fallback: 2995 },
};

type Environment = z.output<typeof environment>;

/** Configured port per service; `undefined` lets the engine choose standard or fallback, `off` opens no listener. */
function readPorts(env: Environment): Record<Service, number | 'off' | undefined> {
  return {
    smtp: env.MAILSTEAD_SMTP_PORT,
    submission: env.MAILSTEAD_SUBMISSION_PORT,
    submissions: env.MAILSTEAD_SUBMISSIONS_PORT,
    lmtp: env.MAILSTEAD_LMTP_PORT,
    imap: env.MAILSTEAD_IMAP_PORT,
    imaps: env.MAILSTEAD_IMAPS_PORT,
    pop3: env.MAILSTEAD_POP3_PORT,
    pop3s: env.MAILSTEAD_POP3S_PORT,
  };
}

function toConfig(env: Environment) {
  const varDir = resolve(env.MAILSTEAD_VAR);
  return {
    mode: env.NODE_ENV,
    /** Set by the supervisor for its children when the embedded PostgreSQL serves. */
    databaseUrl: env.DATABASE_URL,
    varDir,
    hostname: env.MAILSTEAD_HOSTNAME.toLowerCase(),
    /** Signs sessions and access tokens; made at first start by the supervisor. */
    secret: env.MAILSTEAD_SECRET,
    http: {
      host: env.MAILSTEAD_HTTP_HOST,
      port: env.MAILSTEAD_HTTP_PORT,
      /** Proxies in front of the web, whose X-Forwarded-For is believed. */
      proxies: env.MAILSTEAD_HTTP_PROXIES,
      publicUrl: env.MAILSTEAD_URL ?? `http://localhost:${env.MAILSTEAD_HTTP_PORT}`,
    },
    bind: env.MAILSTEAD_BIND,
    /** Who reaches LMTP is taken for a mail server of our own: loopback unless told otherwise. */
    lmtpBind: env.MAILSTEAD_LMTP_BIND,
    ports: readPorts(env),
    runAsUser: env.MAILSTEAD_USER,
    tls: {
      certFile: env.MAILSTEAD_TLS_CERT ?? join(varDir, 'tls', 'cert.pem'),
      keyFile: env.MAILSTEAD_TLS_KEY ?? join(varDir, 'tls', 'key.pem'),
    },
    dnsServers: env.MAILSTEAD_DNS_SERVERS,
    remoteSmtpPort: env.MAILSTEAD_REMOTE_SMTP_PORT,
    webmail: { imap: env.MAILSTEAD_WEBMAIL_IMAP, submission: env.MAILSTEAD_WEBMAIL_SUBMISSION },
  };
}

export type Config = ReturnType<typeof toConfig>;

/** Throws one error naming every variable that is wrong. */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = environment.safeParse(given);
  if (parsed.success) return toConfig(parsed.data);
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The configuration is wrong.\n  ${problems.join('\n  ')}`);
}
