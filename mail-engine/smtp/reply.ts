/** Replies (RFC 5321 §4.2) with enhanced status codes (RFC 2034, RFC 3463): text for the peer, detail for the operator's log. */

export interface Reply {
  code: number;
  /** Null only where RFC 2034 §4 wants none: greeting, EHLO, HELO, 3xx. */
  enhanced: string | null;
  lines: readonly string[];
  /** The connection ends after this reply. */
  closes?: boolean;
  /** A refusal with a limit of its own: not one of the errors a session may have. */
  countedElsewhere?: boolean;
  /** TLS begins after this reply is sent; everything learnt in clear is forgotten (RFC 3207 §4.2). */
  startsTls?: boolean;
  /** What further recipients of an LMTP message are told, one reply each (RFC 2033 §4.2). */
  others?: readonly Reply[];
}

export function reply(code: number, enhanced: string | null, ...lines: string[]): Reply {
  return { code, enhanced, lines };
}

export function closingReply(code: number, enhanced: string, line: string): Reply {
  return { code, enhanced, lines: [line], closes: true };
}

export function formatReply({ code, enhanced, lines, others }: Reply): string {
  const status = enhanced === null ? '' : `${enhanced} `;
  const last = lines.length - 1;
  let text = '';
  for (let at = 0; at <= last; at++) text += `${code}${at === last ? ' ' : '-'}${status}${lines[at]}\r\n`;
  return others === undefined ? text : text + others.map(formatReply).join('');
}

/** A command refused: thrown by commands, turned into its reply by the session. */
export class SmtpRefusal extends Error {
  readonly reply: Reply;

  constructor(answer: Reply) {
    super(`${answer.code} ${answer.lines[0] ?? ''}`);
    this.name = 'SmtpRefusal';
    this.reply = answer;
  }
}

export function refuse(code: number, enhanced: string, line: string): SmtpRefusal {
  return new SmtpRefusal(reply(code, enhanced, line));
}
