/** Secrets made at first start and kept in `var/secrets.json`, readable by their owner alone. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const schema = z.object({ secret: z.string().min(32), postgresPassword: z.string().min(16) });
export type Secrets = z.output<typeof schema>;

async function readSecrets(file: string): Promise<Secrets | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${file} cannot be read. Restore it from a backup: without it the database's password is unknown`, {
      cause,
    });
  }
}

/** Reads the secrets, making and syncing them to disk first when there are none. */
export async function ensureSecrets(varDir: string): Promise<Secrets> {
  const file = join(varDir, 'secrets.json');
  const existing = await readSecrets(file);
  if (existing) return existing;
  const made: Secrets = {
    secret: randomBytes(48).toString('base64url'),
    postgresPassword: randomBytes(24).toString('base64url'),
  };
  await mkdir(varDir, { recursive: true });
  const handle = await open(`${file}.tmp`, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify(made, null, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${file}.tmp`, file);
  return made;
}
