/** Starts the servers to compare, each in its own folder of one temporary folder; `close` stops them and removes it. */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MailsteadOptions, startMailstead } from './mailstead.ts';
import { hasPostfixDovecot, startPostfixDovecot } from './postfix-dovecot.ts';
import { say } from './rounds.ts';
import type { Subject } from './subject.ts';

export interface OpenOptions extends Omit<MailsteadOptions, 'dir'> {
  only?: string | undefined;
}

export interface OpenSubjects {
  subjects: Subject[];
  close(): Promise<void>;
}

export async function openSubjects({ only, ...options }: OpenOptions): Promise<OpenSubjects> {
  const dir = await mkdtemp(join(tmpdir(), 'mailstead-bench-'));
  await chmod(dir, 0o755);
  const subjects: Subject[] = [];
  const close = async (): Promise<void> => {
    for (const subject of subjects) await subject.stop();
    await rm(dir, { recursive: true, force: true });
  };
  try {
    if (only !== 'peer') subjects.push(await startMailstead({ ...options, dir }));
    if (only !== 'mailstead') {
      if (await hasPostfixDovecot()) subjects.push(await startPostfixDovecot(dir, options.mailboxes));
      else say('Postfix and Dovecot are not installed here, or we are not root: no ratio');
    }
    return { subjects, close };
  } catch (error) {
    await close();
    throw error;
  }
}
