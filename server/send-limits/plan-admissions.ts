/**
 * Decides, from what the locked rows say, which messages of a batch leave and which are held. Pure. Messages are judged in order,
 * each with those before it counted. Once an account is held, everything it sends is, until somebody releases it; what is held is
 * not counted as sent.
 */
import { describeExcess, type Excess, MEASURES, SCOPES, type SendLimits, type SendScope } from './measures.ts';
import { add, advance, amountOf, noUsage, type Sending, sumOf, type Usage } from './usage.ts';

export interface SendRequest {
  accountId: number;
  /** Hashes of the recipients (`hash-recipient.ts`), each once. */
  recipients: readonly string[];
  sizeBytes: number;
}

export type Admission =
  | { kind: 'send' }
  /** To be taken and kept back; the reason is for people. */
  | { kind: 'hold'; reason: string }
  /** Too much of the account is held already, or it is gone. */
  | { kind: 'refuse' };

export interface Hold extends Excess {
  heldMessages: number;
  heldBytes: number;
}

export interface Sender {
  domainId: number;
  resellerId: number | null;
  hold: Hold | null;
}

export interface AdmissionState {
  senders: ReadonlyMap<number, Sender>;
  /** By `scopeKey`. */
  limits: ReadonlyMap<string, SendLimits>;
  usage: ReadonlyMap<string, Usage>;
  /** By `recipientKey`. */
  known: ReadonlySet<string>;
  maxHeldMessages: number;
  maxHeldBytes: number;
}

export interface AdmissionPlan {
  admissions: Admission[];
  usage: Map<string, Usage>;
  /** By account; `began` where the account was free before. */
  holds: Map<number, { hold: Hold; began: boolean }>;
  newRecipients: Map<string, { accountId: number; hash: string }>;
}

export function scopeKey(scope: SendScope, id: number): string {
  return `${scope}:${id}`;
}

function recipientKey(accountId: number, hash: string): string {
  return `${accountId}:${hash}`;
}

/** The scopes a message of the account counts in. */
export function scopesOf(accountId: number, { domainId, resellerId }: Omit<Sender, 'hold'>): [SendScope, number][] {
  const ids = { account: accountId, domain: domainId, reseller: resellerId };
  return SCOPES.flatMap((scope): [SendScope, number][] => {
    const id = ids[scope];
    return id === null ? [] : [[scope, id]];
  });
}

export function findExcess(usage: Usage, limits: SendLimits, sending: Sending, scope: SendScope): Excess | undefined {
  for (const measure of MEASURES) {
    const limit = limits[measure];
    const amount = amountOf(sending, measure);
    if (limit > 0 && amount > 0 && sumOf(usage, measure) + amount > limit) return { scope, measure, limit };
  }
  return undefined;
}

class Planner {
  readonly #state: AdmissionState;
  readonly #now: Date;
  readonly plan: AdmissionPlan = { admissions: [], usage: new Map(), holds: new Map(), newRecipients: new Map() };

  constructor(state: AdmissionState, now: Date) {
    this.#state = state;
    this.#now = now;
  }

  judge(request: SendRequest): Admission {
    const sender = this.#state.senders.get(request.accountId);
    if (!sender) return { kind: 'refuse' };
    const hold = this.plan.holds.get(request.accountId)?.hold ?? sender.hold;
    if (hold) return this.#keep(request, hold, false);
    const first = this.#firstTimes(request);
    const sending = { messages: 1, recipients: request.recipients.length, firstTime: first.length };
    const scopes = scopesOf(request.accountId, sender);
    for (const [scope, id] of scopes) {
      const limits = this.#state.limits.get(scopeKey(scope, id));
      const excess = limits && findExcess(this.#usageOf(scope, id), limits, sending, scope);
      if (excess) return this.#keep(request, { ...excess, heldMessages: 0, heldBytes: 0 }, true);
    }
    for (const [scope, id] of scopes) this.plan.usage.set(scopeKey(scope, id), add(this.#usageOf(scope, id), sending));
    for (const hash of first) {
      this.plan.newRecipients.set(recipientKey(request.accountId, hash), { accountId: request.accountId, hash });
    }
    return { kind: 'send' };
  }

  #usageOf(scope: SendScope, id: number): Usage {
    const key = scopeKey(scope, id);
    return this.plan.usage.get(key) ?? advance(this.#state.usage.get(key) ?? noUsage(this.#now), this.#now);
  }

  #firstTimes({ accountId, recipients }: SendRequest): string[] {
    return recipients.filter((hash) => {
      const key = recipientKey(accountId, hash);
      return !this.#state.known.has(key) && !this.plan.newRecipients.has(key);
    });
  }

  #keep({ accountId, sizeBytes }: SendRequest, hold: Hold, began: boolean): Admission {
    const { maxHeldMessages, maxHeldBytes } = this.#state;
    const isFull = hold.heldMessages >= maxHeldMessages || hold.heldBytes + sizeBytes > maxHeldBytes;
    const grown = { ...hold, heldMessages: hold.heldMessages + 1, heldBytes: hold.heldBytes + sizeBytes };
    const before = this.plan.holds.get(accountId)?.began ?? false;
    if (!isFull || began) this.plan.holds.set(accountId, { hold: isFull ? hold : grown, began: began || before });
    return isFull ? { kind: 'refuse' } : { kind: 'hold', reason: describeExcess(hold) };
  }
}

export function planAdmissions(state: AdmissionState, requests: readonly SendRequest[], now: Date): AdmissionPlan {
  const planner = new Planner(state, now);
  for (const request of requests) planner.plan.admissions.push(planner.judge(request));
  return planner.plan;
}
