/**
 * Where uploads lie: a folder of their own below `var`, open to nobody but the user the web runs as. What is in it belongs to the
 * web process that runs: it is emptied at each start, whatever became of the one before, and at an orderly stop.
 */
import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

export function uploadFolder(varDir: string): string {
  return join(varDir, 'uploads');
}

/** Makes the folder where it is missing, and sees that it is one: what a link led to would be emptied, or given away, as well. */
export function makeUploadFolder(folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const found = lstatSync(folder, { throwIfNoEntry: false });
  if (!found) mkdirSync(folder, { mode: 0o700 });
  else if (!found.isDirectory()) throw new Error(`${folder} is no folder: remove it, and it is made anew`);
}

/** Throws an error that says what to do where the folder cannot be used. */
export function emptyUploadFolder(folder: string): void {
  try {
    makeUploadFolder(folder);
    chmodSync(folder, 0o700);
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined) throw cause;
    throw new Error(
      `Attachments on their way into drafts cannot be kept in ${folder} (${message}). Make this folder, owned by the user the web runs as`,
      { cause },
    );
  }
}
