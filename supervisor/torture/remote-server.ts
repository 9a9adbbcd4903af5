/**
 * Somebody else's mail server, which the queue delivers to, and the name server that leads there. Now and then it takes a message
 * and its 250 gets lost: then, and where the sender was killed before it could note the 250, the copy may come again (RFC 1047).
 */
import { startDnsServer, type TestDnsServer } from '#engine/testing/dns-server.ts';
import { type ScriptedMx, startScriptedMx } from '#engine/testing/scripted-mx.ts';
import { readAttemptId, sentPart } from './letter.ts';
import type { Random } from './random.ts';

export const REMOTE_DOMAIN = 'far.example';
const LOST_SHARE = 0.03;
const COLLECT_MS = 100;

export interface Arrival {
  recipients: readonly string[];
  /** When it was answered. */
  at: number;
  /** The reply was lost on purpose. */
  replyLost: boolean;
  bytesRight: boolean;
}

export interface RemoteServer {
  port: number;
  dns: string;
  /** Attempt id → what came of it. */
  arrivals: ReadonlyMap<string, readonly Arrival[]>;
  close(): Promise<void>;
}

type FindSent = (id: string) => { sha256: string; size: number } | undefined;

class Collector {
  readonly arrivals = new Map<string, Arrival[]>();
  /** By place in `messages`. */
  readonly #answers = new Map<number, Pick<Arrival, 'at' | 'replyLost'>>();
  /** Copies that came before their attempt was noted: hashed later. */
  #waiting: { id: string; bytes: Buffer; arrival: Arrival }[] = [];

  /** The message that is about to be taken. */
  answer(mx: ScriptedMx, replyLost: boolean): 'lost' | undefined {
    this.#answers.set(mx.messages.length, { at: Date.now(), replyLost });
    return replyLost ? 'lost' : undefined;
  }

  collect(mx: ScriptedMx, find: FindSent): void {
    for (const [place, { bytes, rcpts }] of mx.messages.splice(0).entries()) {
      const id = readAttemptId(bytes) ?? 'unknown';
      const recipients = rcpts.map((line) => /<(.*?)>/.exec(line)?.[1] ?? line);
      const answer = this.#answers.get(place) ?? { at: Date.now(), replyLost: false };
      const arrival = { recipients, ...answer, bytesRight: false };
      this.arrivals.set(id, [...(this.arrivals.get(id) ?? []), arrival]);
      this.#waiting.push({ id, bytes, arrival });
    }
    this.#answers.clear();
    this.#waiting = this.#waiting.filter(({ id, bytes, arrival }) => {
      const sent = find(id);
      if (!sent) return true;
      arrival.bytesRight = sentPart(bytes, sent.size) === sent.sha256;
      return false;
    });
    mx.transcript.length = 0;
  }
}

export async function startRemoteServer(random: Random, find: FindSent): Promise<RemoteServer> {
  const collector = new Collector();
  const mx: ScriptedMx = await startScriptedMx({
    reply: (line) => (line === '(message)' ? collector.answer(mx, random.chance(LOST_SHARE)) : undefined),
  });
  const host = `mx.${REMOTE_DOMAIN}`;
  const dns: TestDnsServer = await startDnsServer({
    [REMOTE_DOMAIN]: { MX: [[10, host]] },
    [host]: { A: ['127.0.0.1'] },
    'ledger.example': { MX: [[10, host]] },
  });
  const timer = setInterval(() => collector.collect(mx, find), COLLECT_MS);
  return {
    port: mx.port,
    dns: dns.server,
    arrivals: collector.arrivals,
    close: async () => {
      clearInterval(timer);
      await mx.close();
      collector.collect(mx, find);
      await dns.close();
    },
  };
}
