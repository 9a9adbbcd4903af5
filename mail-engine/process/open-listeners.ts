/**
 * Binds every service's port before anything else happens. A port the configuration names must be had; a standard one that may
 * not be bound (no privilege, or taken by somebody else's server) gives way to its alternative.
 */
import { listen } from '#engine/net/listener.ts';
import type { TlsProvider } from '#engine/net/tls-provider.ts';
import type { Listener, ListenerOptions, ServiceHandler } from '#engine/net/types.ts';
import { SERVICE_PORTS, type Service } from '#server/config.ts';
import { type Logger, logger } from '#server/logger.ts';

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

/** Read at every connection, so that a changed setting holds at once. */
interface ConnectionLimitSettings {
  readonly maxConnections: number;
  readonly maxConnectionsPerAddress: number;
}

export interface OpenListenersOptions {
  bind: readonly string[];
  lmtpBind: readonly string[];
  ports: Readonly<Record<Service, number | 'off' | undefined>>;
  limits: ConnectionLimitSettings;
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
  const base: Omit<ListenerOptions, 'port' | 'maxConnections' | 'maxConnectionsPerAddress'> = {
    service,
    bind: service === 'lmtp' ? options.lmtpBind : options.bind,
    implicitTls: service === 'submissions' || service === 'imaps' || service === 'pop3s',
    busyLine: BUSY_LINES[service],
    handler: options.handlerOf(service),
  };
  const open = (port: number) => {
    const { limits } = options;
    const live: ListenerOptions = {
      ...base,
      port,
      get maxConnections() {
        return limits.maxConnections;
      },
      get maxConnectionsPerAddress() {
        return limits.maxConnectionsPerAddress;
      },
    };
    return listen(live, { tls: options.tls, log: logger(service) });
  };
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
