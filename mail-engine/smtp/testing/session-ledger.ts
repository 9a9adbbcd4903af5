/**
 * Holds what sessions were told against what is kept: each message that was acknowledged is found by the id in its 250, for each of its
 * recipients exactly once, in a folder or in the queue (to be sent, to be sent later, or held), and nothing else is anywhere.
 */
import { pino } from 'pino';
import type { MutatedSession } from '#engine/net/testing/mutated-session.ts';
import type { Logger } from '#server/logger.ts';
import type { MailServer } from './open-mail-server.ts';

/** What the engine said of a message when it had taken it. */
interface Taken {
  ref: string;
  recipients: number;
  stored: number;
  queued: number;
}

/** Where a recipient's copy is; `later` and `held` are queue entries nobody may have yet. */
type Place = 'folder' | 'waiting' | 'later' | 'held';

interface Copy {
  ref: string;
  place: Place;
  /** Whose: an account's name, or the queue entry's recipient. */
  whose: string;
}

const ACKNOWLEDGED = /^250 2\.0\.0 Ok: queued as (\S+)$/gm;
/** Nothing that a client says can begin a line of the header that stands before its own. */
const OUR_RECEIVED = /^\tby mx\.test with \S+ id (\S+?);?$/m;

const QUEUED = `
SELECT m.ref, e.recipient AS whose,
  CASE WHEN e.state = 'held' THEN 'held' WHEN m.not_before IS NOT NULL THEN 'later' ELSE e.state::text END AS place
FROM queue_message m LEFT JOIN queue_entry e ON e.message_id = m.id`;

/** Read as clients read them. */
async function readFolders(server: MailServer): Promise<Copy[]> {
  const copies: Copy[] = [];
  for (const whose of Object.keys(server.accounts)) {
    for (const message of await server.readInbox(whose)) {
      copies.push({ ref: OUR_RECEIVED.exec(message)?.[1] ?? message, place: 'folder', whose });
    }
  }
  const { rows } = await server.pool.query<{ n: number }>('SELECT count(*)::int AS n FROM message');
  if (rows[0]?.n !== copies.length)
    throw new Error(`${rows[0]?.n} messages in folders, ${copies.length} in the INBOXes`);
  return copies;
}

function areDistinct(copies: readonly Copy[]): boolean {
  return new Set(copies.map(({ place, whose }) => `${place} ${whose}`)).size === copies.length;
}

/** Each once, as many as the engine said, and one for each recipient; an alias that must wait is one entry for all it stands for. */
function isWhole(taken: Taken, copies: readonly Copy[]): boolean {
  const stored = copies.filter(({ place }) => place === 'folder').length;
  const queued = copies.length - stored;
  const mustWait = queued > 0 && stored === 0 && copies.every(({ place }) => place !== 'waiting');
  const wanted = mustWait ? queued : taken.recipients;
  return areDistinct(copies) && stored === taken.stored && queued === taken.queued && stored + queued === wanted;
}

export class SessionLedger {
  /** For the server whose sessions are noted. */
  readonly log: Logger;
  readonly #sessions = new Map<string, { service: string; session: MutatedSession; said: string }>();
  readonly #taken = new Map<string, Taken>();

  constructor() {
    const write = (line: string) => {
      const { msg, ...facts } = JSON.parse(line) as Taken & { msg: string };
      if (msg === 'message accepted') this.#taken.set(facts.ref, facts);
    };
    this.log = pino({ level: 'info' }, { write });
  }

  /** Messages acknowledged. */
  get size(): number {
    return this.#sessions.size;
  }

  note(service: string, session: MutatedSession, said: string): void {
    for (const [, ref = ''] of said.replaceAll('\r', '').matchAll(ACKNOWLEDGED)) {
      this.#sessions.set(ref, { service, session, said });
    }
  }

  /** What does not add up, each with its session and all that is known of it; and where copies are. */
  async check(server: MailServer): Promise<{ faults: string[]; places: Set<Place> }> {
    const copies = [...(await readFolders(server)), ...(await server.pool.query<Copy>(QUEUED)).rows];
    const byRef = Map.groupBy(copies, ({ ref }) => ref);
    const faults: string[] = [];
    for (const ref of new Set([...this.#sessions.keys(), ...this.#taken.keys(), ...byRef.keys()])) {
      const taken = this.#taken.get(ref);
      const found = byRef.get(ref) ?? [];
      if (!this.#sessions.has(ref) || !taken || !isWhole(taken, found))
        faults.push(await this.#tell(server, ref, found));
    }
    return { faults, places: new Set(copies.map(({ place }) => place)) };
  }

  async #tell({ pool }: MailServer, ref: string, found: readonly Copy[]): Promise<string> {
    const { rows: trace } = await pool.query('SELECT kind, recipient, detail FROM trace WHERE ref = $1 ORDER BY id', [
      ref,
    ]);
    const session = this.#sessions.get(ref) ?? 'nobody was told of it';
    return JSON.stringify({ ref, found, taken: this.#taken.get(ref) ?? 'never', trace, session }, null, 2);
  }
}
