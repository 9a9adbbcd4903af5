/** Responses (RFC 1939 §3) with response codes (RFC 2449 §8, RFC 3206). */
import type { Pop3Reply } from './types.ts';

export function ok(text: string, lines?: NonNullable<Pop3Reply['lines']>): Pop3Reply {
  return { ok: true, text, ...(lines && { lines }) };
}

export function err(text: string): Pop3Reply {
  return { ok: false, text };
}

export function closingErr(text: string): Pop3Reply {
  return { ok: false, text, closes: true };
}

/** A command refused: thrown by commands, turned into its response by the session. */
export class Pop3Refusal extends Error {
  readonly reply: Pop3Reply;

  constructor(reply: Pop3Reply) {
    super(reply.text);
    this.name = 'Pop3Refusal';
    this.reply = reply;
  }
}

export function refuse(text: string): Pop3Refusal {
  return new Pop3Refusal(err(text));
}
