/** A command that does not parse: what the peer is told. `code` is 501 (arguments), 555 (unknown parameter) or the like. */
export class SmtpSyntaxError extends Error {
  readonly code: number;
  readonly enhanced: string;

  constructor(enhanced: string, message: string, code = 501) {
    super(message);
    this.name = 'SmtpSyntaxError';
    this.code = code;
    this.enhanced = enhanced;
  }
}
