/**
 * tcpserver's `status: n/limit` in the log whenever it changed, once a second at most; what it was in the end is always told.
 */
import type { Logger } from '#server/logger.ts';

const EVERY_MS = 1_000;

export interface ServiceLoad {
  open: number;
  limit: number;
  waiting: number;
}

export class StatusLine {
  readonly #log: Logger;
  readonly #load: () => ServiceLoad;
  #timer: NodeJS.Timeout | undefined;
  #told = '';

  constructor(log: Logger, load: () => ServiceLoad) {
    this.#log = log;
    this.#load = load;
  }

  /** Called at every change: as good as free while the last line is younger than a second. */
  changed(): void {
    if (!this.#timer) this.#tell();
  }

  #tell(): void {
    this.#timer = undefined;
    const { open, limit, waiting } = this.#load();
    const status = `status: ${open}/${limit}`;
    const line = `${status} ${waiting}`;
    if (line === this.#told) return;
    this.#told = line;
    this.#log.info(waiting > 0 ? { waiting } : {}, status);
    this.#timer = setTimeout(() => this.#tell(), EVERY_MS);
    this.#timer.unref();
  }
}
