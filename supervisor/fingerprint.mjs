import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

function* files(path) {
  if (!existsSync(path)) return;
  if (statSync(path).isFile()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) if (!/\.test\.tsx?$/.test(name)) yield* files(join(path, name));
}

/** SHA-256 over names and contents of `inputs` (files or folders below `root`), tests left out. */
export function fingerprint(root, inputs) {
  const hash = createHash('sha256').update(process.platform + process.arch);
  for (const input of inputs) {
    for (const file of files(join(root, input)))
      hash.update(`\0${file.slice(root.length)}\0`).update(readFileSync(file));
  }
  return hash.digest('hex');
}
