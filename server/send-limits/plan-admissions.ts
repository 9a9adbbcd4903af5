/**
 * Decides, from what the locked rows say, which messages of a batch leave and which are held. Pure. Messages are judged in order,
 * each with those before it counted. A sender is an account, or a domain by what its addresses forward. Once a sender is held,
 * everything it sends is, until somebody releases it; what is held is not counted as sent.
 */
import { describeExcess, type Excess, MEASURES, SCOPES, type SendLimits, type SendScope } from './measures.ts';
import { add, advance, amountOf, noUsage, type Sending, sumOf, type Usage } from './usage.ts';

/** Who is put on hold; a domain only for what it forwards. */
export type SenderId = readonly [scope: 'account' | 'domain', id: number];
export type ScopeId = readonly [scope: SendScope, id: number];

export interface SendRequest {
  sender: SenderId;
  /** Each once: hashes of an account's (`hash-recipient.ts`), addresses of a domain's, of which none is remembered. */
  recipients: readonly string[];
  sizeBytes: number;
}

export type Admission =
  | { kind: 'send' }
  /** To be taken and kept back; the reason is for people. */
  | { kind: 'hold'; reason: string }
  /** Too much of the sender is held already, or it is gone. */
  | { kind: 'refuse' };

export interface Hold extends Excess {
  heldMessages: number;
  heldBytes: number;
}

export interface Sender {
  /** What its mail counts in. */
  scopes: readonly ScopeId[];
  hold: Hold | null;
}

export interface AdmissionState {
  /** By `scopeKey`, like the next two. */
  senders: ReadonlyMap<string, Sender>;
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
  /** By `scopeKey` of the sender; `began` where it was free before. */
  holds: Map<string, { sender: SenderId; hold: Hold; began: boolean }>;
  /** By `recipientKey`. */
  newRecipients: Set<string>;
}

export function scopeKey(scope: SendScope, id: number): string {
  return `${scope}:${id}`;
}

function recipientKey(accountId: number, hash: string): string {
  return `${accountId}:${hash}`;
}

export interface Place {
  /** Null for what a domain forwards: no account sent it. */
  accountId: number | null;
  domainId: number;
  resellerId: number | null;
}

/** The scopes a message from there counts in. */
export function scopesOf({ accountId, domainId, resellerId }: Place): ScopeId[] {
  const ids = { account: accountId, domain: domainId, reseller: resellerId };
  return SCOPES.flatMap((scope): ScopeId[] => {
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
  readonly plan: AdmissionPlan = { admissions: [], usage: new Map(), holds: new Map(), newRecipients: new Set() };

  constructor(state: AdmissionState, now: Date) {
    this.#state = state;
    this.#now = now;
  }

  judge(request: SendRequest): Admission {
    const key = scopeKey(...request.sender);
    const sender = this.#state.senders.get(key);
    if (!sender) return { kind: 'refuse' };
    const hold = this.plan.holds.get(key)?.hold ?? sender.hold;
    if (hold) return this.#keep(request, hold, false);
    const first = this.#firstTimes(request);
    const sending = { messages: 1, recipients: request.recipients.length, firstTime: first.length };
    for (const [scope, id] of sender.scopes) {
      const limits = this.#state.limits.get(scopeKey(scope, id));
      const excess = limits && findExcess(this.#usageOf(scope, id), limits, sending, scope);
      if (excess) return this.#keep(request, { ...excess, heldMessages: 0, heldBytes: 0 }, true);
    }
    for (const [scope, id] of sender.scopes) {
      this.plan.usage.set(scopeKey(scope, id), add(this.#usageOf(scope, id), sending));
    }
    for (const recipient of first) this.plan.newRecipients.add(recipient);
    return { kind: 'send' };
  }

  #usageOf(scope: SendScope, id: number): Usage {
    const key = scopeKey(scope, id);
    return this.plan.usage.get(key) ?? advance(this.#state.usage.get(key) ?? noUsage(this.#now), this.#now);
  }

  #firstTimes({ sender: [scope, id], recipients }: SendRequest): string[] {
    if (scope !== 'account') return [];
    const { known } = this.#state;
    const keys = recipients.map((hash) => recipientKey(id, hash));
    return keys.filter((key) => !known.has(key) && !this.plan.newRecipients.has(key));
  }

  #keep({ sender, sizeBytes }: SendRequest, hold: Hold, began: boolean): Admission {
    const { maxHeldMessages, maxHeldBytes } = this.#state;
    const key = scopeKey(...sender);
    const isFull = hold.heldMessages >= maxHeldMessages || hold.heldBytes + sizeBytes > maxHeldBytes;
    const grown = { ...hold, heldMessages: hold.heldMessages + 1, heldBytes: hold.heldBytes + sizeBytes };
    const before = this.plan.holds.get(key)?.began ?? false;
    if (!isFull || began) this.plan.holds.set(key, { sender, hold: isFull ? hold : grown, began: began || before });
    return isFull ? { kind: 'refuse' } : { kind: 'hold', reason: describeExcess(hold) };
  }
}

export function planAdmissions(state: AdmissionState, requests: readonly SendRequest[], now: Date): AdmissionPlan {
  const planner = new Planner(state, now);
  for (const request of requests) planner.plan.admissions.push(planner.judge(request));
  return planner.plan;
}
