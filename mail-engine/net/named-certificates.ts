/**
 * Certificates by name from the database: all names are kept in memory, so that a name nobody has a certificate for costs no query;
 * chain and key are loaded when a client first asks, and the most used are kept. What changed is read anew when the database says so. One that cannot be loaded gives way to the machine's own.
 *
 * A name is looked for as it is, then with `*` for its first label. The machine's own name is nobody's but the host's: the owner of the
 * domain it is in cannot put a certificate in its place.
 */
import type { SecureContext } from 'node:tls';
import type { Pool } from 'pg';
import {
  loadCertificate,
  loadCertificateNames,
  type NamedCertificate,
} from '#server/certificates/stored-certificates.ts';
import { DIRECTORY_CHANNEL } from '#server/database/channels.ts';
import { createListener } from '#server/database/listener.ts';
import type { Logger } from '#server/logger.ts';
import { createServerContext, type NamedContexts } from './tls-provider.ts';

/** Contexts kept: some tens of KiB each. */
const MAX_CONTEXTS = 500;

export interface NamedCertificatesOptions {
  pool: Pool;
  /** A direct connection to the database, for LISTEN. */
  listenUrl: string;
  secret: string;
  /** The machine's own name, lower-case. */
  hostname: string;
  log: Logger;
}

export interface NamedCertificates extends NamedContexts {
  close(): Promise<void>;
}

type Names = ReadonlyMap<string, NamedCertificate>;

class CertificateStore {
  readonly #options: NamedCertificatesOptions;
  #names: Names;
  /** Certificate id → its context, the longest unused first. */
  #contexts = new Map<string, Promise<SecureContext | undefined>>();

  constructor(options: NamedCertificatesOptions, names: Names) {
    this.#options = options;
    this.#names = names;
  }

  renew(names: Names): void {
    this.#names = names;
    this.#contexts = new Map();
  }

  find(serverName: string): Promise<SecureContext | undefined> | undefined {
    const name = serverName.endsWith('.') ? serverName.slice(0, -1) : serverName;
    const named = this.#names.get(name) ?? this.#names.get(`*${name.slice(Math.max(0, name.indexOf('.')))}`);
    if (!named || (name === this.#options.hostname && !named.isHosts)) return undefined;
    const context = this.#contexts.get(named.id) ?? this.#load(named.id);
    this.#contexts.delete(named.id);
    this.#contexts.set(named.id, context);
    for (const oldest of this.#contexts.keys()) {
      if (this.#contexts.size <= MAX_CONTEXTS) break;
      this.#contexts.delete(oldest);
    }
    return context;
  }

  async #load(id: string): Promise<SecureContext | undefined> {
    const { pool, secret, log } = this.#options;
    const contexts = this.#contexts;
    try {
      const stored = await loadCertificate(pool, secret, id);
      return stored && createServerContext(stored.cert, stored.key);
    } catch (error) {
      log.error({ err: (error as Error).message, certificate: id }, 'certificate cannot be used, the own one is shown');
      contexts.delete(id); // looked for again by the next who asks
      return undefined;
    }
  }
}

/** Rejects where the names cannot be read at first; later the last known stay. */
export async function createNamedCertificates(options: NamedCertificatesOptions): Promise<NamedCertificates> {
  const { pool, listenUrl, log } = options;
  const store = new CertificateStore(options, await loadCertificateNames(pool));
  let latest = 0;
  const reload = async (): Promise<void> => {
    latest += 1;
    const mine = latest;
    try {
      const names = await loadCertificateNames(pool);
      if (mine === latest) store.renew(names);
    } catch (error) {
      log.warn({ err: (error as Error).message }, 'certificates could not be read, keeping the last known');
    }
  };
  const listener = await createListener({
    url: listenUrl,
    channel: DIRECTORY_CHANNEL,
    onNotify: (table) => {
      if (table === 'certificate') void reload();
    },
    onUp: () => void reload(),
    onDown: () => undefined,
  });
  return { find: (serverName) => store.find(serverName), close: () => listener.close() };
}
