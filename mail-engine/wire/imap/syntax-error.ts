/** A command that does not follow the grammar; `message` is plain words for the client and never repeats what it sent. */
export class ImapSyntaxError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ImapSyntaxError';
  }
}
