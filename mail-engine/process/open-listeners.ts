/**
 * Binds every service's port before anything else happens. A port the configuration names must be had; a standard one that may
 * not be bound (no privilege, or taken by somebody else's server) gives way to its alternative.
 */
import { listen } from '#engine/net/listener.ts';
import type { TlsProvider } from '#engine/net/tls-provider.ts';
import type { Listener, ListenerOptions, ServiceHandler } from '#engine/net/types.ts';
import type { AccessService } from '#server/access-rules/types.ts';
import { SERVICE_PORTS, type Service } from '#server/config.ts';
import { type Logger, logger } from '#server/logger.ts';
import type { ConnectionPolicy } from './connection-policy.ts';

export const SERVICES = Object.keys(SERVICE_PORTS) as Service[];

const BUSY_LINES: Readonly<Record<Service, string>> = {
  smtp: '421 4.7.0 Too many connections, try again later',
  submission: '421 4.7.0 Too many connections, try again later',
  submissions: '421 4.7.0 Too many connections, try again later',
  lmtp: '421 4.7.0 Too many connections, try again later',
  imap: '* BYE Too many connections, try again later',
  imaps: '* BYE Too many connections, try again later',
  pop3: '-ERR [SYS/TEMP] Too many connections, try again later',
  pop3s: '-ERR [SYS/TEMP] Too many connections, try again later',
};

/** Whose places, rules and rates each port shares. */
const ACCESS_SERVICES: Readonly<Record<Service, AccessService>> = {
  smtp: 'smtp',
  lmtp: 'smtp',
  submission: 'submission',
  submissions: 'submission',
  imap: 'imap',
  imaps: 'imap',
  pop3: 'pop3',
  pop3s: 'pop3',
};

export interface OpenListenersOptions {
  bind: readonly string[];
  lmtpBind: readonly string[];
  ports: Readonly<Record<Service, number | 'off' | undefined>>;
  policy: ConnectionPolicy;
  /** Clients that come before it resolves are held. */
  ready: Promise<unknown>;
  tls: TlsProvider;
  log: Logger;
  handlerOf: (service: Service) => ServiceHandler;
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

/** What to tell the person who starts it. */
function explain(service: Service, port: number, error: unknown): Error {
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: 'another program has it',
    EACCES: 'it needs privileges this user does not have',
    EADDRNOTAVAIL: 'this machine does not have the address to bind',
  };
  const reason = reasons[codeOf(error)] ?? (error as Error).message;
  return new Error(`Port ${port} for ${service} cannot be used: ${reason}. Choose another in ${variableOf(service)}.`, {
    cause: error,
  });
}

function variableOf(service: Service): string {
  return `MAILSTEAD_${service.toUpperCase()}_PORT`;
}

async function openService(service: Service, options: OpenListenersOptions): Promise<Listener | undefined> {
  const configured = options.ports[service];
  if (configured === 'off') return undefined;
  const { standard, fallback } = SERVICE_PORTS[service];
  const accessService = ACCESS_SERVICES[service];
  const common: Omit<ListenerOptions, 'port'> = {
    service,
    bind: service === 'lmtp' ? options.lmtpBind : options.bind,
    implicitTls: service === 'submissions' || service === 'imaps' || service === 'pop3s',
    busyLine: BUSY_LINES[service],
    handler: options.handlerOf(service),
    gate: options.policy.gates[accessService],
    policy: options.policy.listening,
    delaysGreeting: service === 'smtp',
    ready: options.ready,
  };
  const open = (port: number) => listen({ ...common, port }, { tls: options.tls, log: logger(service) });
  const first = configured ?? standard;
  try {
    return await open(first);
  } catch (error) {
    if (configured !== undefined || !['EACCES', 'EADDRINUSE'].includes(codeOf(error)))
      throw explain(service, first, error);
    options.log.info({ service, port: first, instead: fallback, reason: codeOf(error) }, 'standard port not available');
  }
  return await open(fallback).catch((error: unknown) => {
    throw explain(service, fallback, error);
  });
}

/** All or none: where one port cannot be had, those bound before it are closed again. */
export async function openListeners(options: OpenListenersOptions): Promise<Map<Service, Listener>> {
  const open = new Map<Service, Listener>();
  try {
    for (const service of SERVICES) {
      const listener = await openService(service, options);
      if (listener) open.set(service, listener);
    }
  } catch (error) {
    await Promise.all([...open.values()].map((listener) => listener.close(0)));
    throw error;
  }
  return open;
}
