/** What became of one recipient in one attempt. */
export interface Outcome {
  kind: 'delivered' | 'deferred' | 'failed';
  /** RFC 3463 status, its class in step with `kind`. */
  status: string;
  /** The peer's reply or our own reason: one line, at most 512 characters. */
  reply: string;
  /** True where `reply` is the peer's own words (Diagnostic-Code `smtp`). */
  spoken: boolean;
  /** MX that answered, or the last that was tried. */
  remoteHost: string | null;
  /** `address:port` it was reached at. */
  peer: string | null;
  tls: string | null;
  /** The next hop takes DSN requests over (RFC 3461 §5.2.1), so a success is not ours to report. */
  passesDsn: boolean;
  /** Nobody answered for the destination: feedback for its concurrency. */
  unreachable: boolean;
}

const MAX_REPLY = 512;

/** What errors say may have several lines, and a cut may go through a character: neither gets into the database. */
export function oneLine(reason: string): string {
  return reason
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, MAX_REPLY)
    .toWellFormed();
}

function ownOutcome(kind: Outcome['kind'], status: string, reason: string): Outcome {
  return {
    kind,
    status,
    reply: oneLine(reason),
    spoken: false,
    remoteHost: null,
    peer: null,
    tls: null,
    passesDsn: false,
    unreachable: false,
  };
}

export function delivered(status: string, reason: string): Outcome {
  return ownOutcome('delivered', status, reason);
}

export function deferred(status: string, reason: string): Outcome {
  return ownOutcome('deferred', status, reason);
}

export function failed(status: string, reason: string): Outcome {
  return ownOutcome('failed', status, reason);
}
