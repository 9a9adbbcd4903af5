/** How much may wait to be attached: bounded for each mailbox, in bytes and in files, and in all. */
import { OperationError } from '../../actor/errors.ts';

const MAX_ACCOUNT_BYTES = 200 * 1024 * 1024;
/** Ten drafts with as many attachments as one may have. */
const MAX_ACCOUNT_FILES = 500;
const MAX_TOTAL_BYTES = 4 * 1024 * 1024 * 1024;

interface Usage {
  bytes: number;
  files: number;
}

function tooMany(): OperationError {
  return new OperationError(
    'limit-reached',
    'Too many attachments are waiting. Send or discard a draft; what else is left over goes when you sign out.',
  );
}

/** The server's disk, not the person's doing. */
export function noRoom(): OperationError {
  return new OperationError('unavailable', 'There is no room for attachments just now. Try again later.');
}

export class UploadRoom {
  readonly #used = new Map<bigint, Usage>();
  #total = 0;

  /** Room for one file more, of no bytes as yet. */
  requireFile(accountId: bigint): void {
    const usage = this.#used.get(accountId) ?? { bytes: 0, files: 0 };
    if (usage.files >= MAX_ACCOUNT_FILES) throw tooMany();
    usage.files += 1;
    this.#used.set(accountId, usage);
  }

  /** Room for what came of a file: it counts before it is whole. */
  requireBytes(accountId: bigint, bytes: number): void {
    const usage = this.#used.get(accountId);
    if (!usage || usage.bytes + bytes > MAX_ACCOUNT_BYTES) throw tooMany();
    if (this.#total + bytes > MAX_TOTAL_BYTES) throw noRoom();
    usage.bytes += bytes;
    this.#total += bytes;
  }

  /** A file is gone, with what came of it. */
  freeFile(accountId: bigint, bytes: number): void {
    const usage = this.#used.get(accountId);
    if (!usage) return;
    usage.bytes -= bytes;
    usage.files -= 1;
    this.#total -= bytes;
    if (usage.files === 0) this.#used.delete(accountId);
  }
}
