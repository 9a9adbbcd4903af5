/** Holds the ledger against what is there: nothing acknowledged is missing, nothing is there twice, every byte is as it was sent. */
import type { Collected } from './collect.ts';
import { ENDS_ENGINE, type FaultKind } from './faults.ts';
import { type Attempt, type Ledger, NOWHERE } from './ledger.ts';
import { type Arrival, REMOTE_DOMAIN } from './remote-server.ts';

/** From a fault's beginning until it was over, and until the clients' mail was taken again. */
export interface FaultWindow {
  kind: FaultKind;
  from: number;
  over: number;
  to: number;
}

export interface Row {
  /** Copies that were acknowledged, and those whose answer was lost or said "later". */
  acknowledged: number;
  inDoubt: number;
  refused: number;
  found: number;
  /** Copies another server got again because its reply could not be noted (RFC 1047). */
  repeated: number;
  /** Each must be empty. */
  lost: string[];
  twice: string[];
  unexpected: string[];
  damaged: string[];
}

export interface Evidence {
  ledger: Ledger;
  collected: Collected;
  arrivals: ReadonlyMap<string, readonly Arrival[]>;
  faults: readonly FaultWindow[];
  /** The end of the engine before it was counted. */
  stop: { from: number; over: number };
}

export type Verdict = Map<string, Row>;

const NO_FAULT = 'no fault near';
/** An attempt answered this long before a fault belongs to it: what was just said is what a crash could take back. */
const BEFORE_MS = 2_000;
/** Mail may be taken once more before the fault is felt. */
const AFTER_MS = 2_000;
/** Within this time after the other server's reply its outcome is noted, where nothing is in the way. */
const NOTED_MS = 3_000;
/** No finer is what several processes do put in order. */
const SLACK_MS = 1_000;

function emptyRow(): Row {
  const counts = { acknowledged: 0, inDoubt: 0, refused: 0, found: 0, repeated: 0 };
  return { ...counts, lost: [], twice: [], unexpected: [], damaged: [] };
}

function rowNameOf({ cut, endedAt }: Attempt, faults: readonly FaultWindow[]): string {
  if (cut !== null) return cut;
  const near = faults.find(({ from, to }) => endedAt >= from - BEFORE_MS && endedAt <= to + AFTER_MS);
  return near?.kind ?? NO_FAULT;
}

function countOutcome(row: Row, { outcome }: Attempt): void {
  if (outcome === 'acknowledged') row.acknowledged += 1;
  else if (outcome === 'in doubt' || outcome === 'refused for now') row.inDoubt += 1;
  else row.refused += 1;
}

/** The copy is in none of the right states: says which way it is wrong. */
function judgeLocal(row: Row, subject: string, folders: readonly string[], right: readonly string[]): void {
  row.found += folders.length;
  const state = folders.toSorted().join('+');
  if (right.includes(state)) return;
  if (new Set(folders).size < folders.length) row.twice.push(subject);
  else if (folders.length === 0) row.lost.push(subject);
  else row.unexpected.push(`${subject} stands in ${state}, right would be ${right.join(' or ') || 'nowhere'}`);
}

/** While PostgreSQL is away the engine tries to note it again, each time after at most twice as long as it has tried already. */
function notedBy(at: number, faults: readonly FaultWindow[]): number {
  let by = at + NOTED_MS;
  for (const { from, to } of faults) if (from <= by && to >= at) by = Math.max(by, to + 2 * (to - at) + NOTED_MS);
  return by;
}

/** The same copy may come again only where the reply was lost, or where the engine that got it was ended before it had noted it. */
function mayRepeat({ at, replyLost }: Arrival, { faults, stop }: Evidence): boolean {
  if (replyLost) return true;
  const by = notedBy(at, faults);
  const ends = [...faults.filter(({ kind }) => ENDS_ENGINE.has(kind)), stop];
  return ends.some(({ from, over }) => from <= by && over + SLACK_MS >= at);
}

function judgeRemote(row: Row, subject: string, queued: number, arrived: readonly Arrival[], evidence: Evidence) {
  row.found += queued + arrived.length;
  if (queued + arrived.length === 0) row.lost.push(subject);
  // Each that another follows must have been in doubt; one that is queued follows all.
  const followed = arrived.toSorted((a, b) => a.at - b.at).slice(0, Math.max(0, arrived.length + queued - 1));
  const repeated = followed.filter((arrival) => mayRepeat(arrival, evidence)).length;
  row.repeated += repeated;
  if (repeated < followed.length || queued > 1)
    row.twice.push(`${subject}: ${arrived.length} arrived, ${queued} queued`);
  if (arrived.some(({ bytesRight }) => !bytesRight)) row.damaged.push(subject);
}

function judgeCopy(row: Row, attempt: Attempt, address: string, evidence: Evidence): void {
  const { collected, ledger, arrivals } = evidence;
  const subject = `${attempt.id} ${address}`;
  const folders = collected.found.get(attempt.id)?.get(address) ?? [];
  const right = ledger.rightStates(attempt, address);
  countOutcome(row, attempt);
  if (!address.endsWith(`@${REMOTE_DOMAIN}`)) {
    judgeLocal(row, subject, folders, right);
    return;
  }
  const arrived = (arrivals.get(attempt.id) ?? []).filter(({ recipients }) => recipients.includes(address));
  if (folders.length + arrived.length > 0 || !right.includes(NOWHERE)) {
    judgeRemote(row, subject, folders.length, arrived, evidence);
    if (right.length === 1 && right[0] === NOWHERE) row.unexpected.push(subject);
  }
}

/** One row for each kind of fault. */
export function verify(evidence: Evidence): Verdict {
  const verdict: Verdict = new Map();
  const rowOf = (name: string): Row => {
    const row = verdict.get(name) ?? emptyRow();
    verdict.set(name, row);
    return row;
  };
  const { ledger, collected, faults } = evidence;
  for (const attempt of ledger.attempts.values()) {
    const row = rowOf(rowNameOf(attempt, faults));
    for (const address of attempt.recipients) judgeCopy(row, attempt, address, evidence);
  }
  for (const subject of collected.damaged) {
    const attempt = ledger.attempts.get(subject.split(' ')[0] ?? '');
    rowOf(attempt ? rowNameOf(attempt, faults) : NO_FAULT).damaged.push(subject);
  }
  if (collected.unknown.length > 0) rowOf(NO_FAULT).unexpected.push(...collected.unknown);
  return verdict;
}

export function wrongs(verdict: Verdict): string[] {
  return [...verdict].flatMap(([name, row]) =>
    (['lost', 'twice', 'unexpected', 'damaged'] as const).flatMap((kind) =>
      row[kind].map((subject) => `${name}: ${kind}: ${subject}`),
    ),
  );
}
