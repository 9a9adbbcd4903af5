/**
 * A file system of its own for PostgreSQL's data and log, so that it can be filled, or lose its power, without harm to anybody: ext4 in a
 * sparse file, mounted over a loop device. Needs root and the right to mount; where that is missing there is none, and its faults are skipped.
 */
import { execFile } from 'node:child_process';
import { appendFile, chmod, mkdir, open, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const IMAGE_BYTES = 24 * 1024 ** 3;
const BLOCK = Buffer.alloc(4096);

export interface SmallDisk {
  /** Where it is mounted. */
  path: string;
  fill(): Promise<void>;
  empty(): Promise<void>;
  /**
   * As a power cut: from now on nothing is read or written, and what was written but not synced is gone for good, the journal's
   * last part included. Processes that use it must end before `restorePower`.
   */
  cutPower(): Promise<void>;
  restorePower(): Promise<void>;
  remove(): Promise<void>;
}

function fillerOf(path: string): string {
  return join(path, 'filler');
}

/** Reserves what is free in one go, then takes the last blocks one by one: others write at the same time. */
async function fill(path: string): Promise<void> {
  const filler = fillerOf(path);
  const { bavail, bsize } = await statfs(path);
  await writeFile(filler, '');
  const most = String(Math.max(bsize, (bavail - 256) * bsize));
  await run('fallocate', ['-l', most, filler]).catch(() => undefined); // others were faster: it has taken what there was
  const isFull = (error: NodeJS.ErrnoException): boolean => {
    if (error.code !== 'ENOSPC') throw error;
    return true;
  };
  for (let full = false; !full; ) full = await appendFile(filler, BLOCK).then(() => false, isFull);
  const handle = await open(filler);
  await handle.sync();
  await handle.close();
}

/** EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: Perl, which every Debian has, for Node has no ioctl. */
const SHUT_DOWN =
  'my $flags = pack("L", 2); open(my $dir, "<", $ARGV[0]) or die $!; ioctl($dir, 0x8004587d, $flags) or die $!';

/** A process that was killed may hold its files for a moment. */
async function unmount(path: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await run('umount', [path]);
      return;
    } catch (error) {
      if (tries === 100) throw error;
      await delay(50);
    }
  }
}

/** Mounts one below `dir`; undefined where this process may not. */
export async function mountSmallDisk(dir: string): Promise<SmallDisk | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const image = join(dir, 'disk.img');
  const path = join(dir, 'disk');
  await writeFile(image, '');
  await truncate(image, IMAGE_BYTES);
  await mkdir(path);
  try {
    await run('mkfs.ext4', ['-q', '-F', '-m', '0', '-E', 'lazy_itable_init=1,lazy_journal_init=1,nodiscard', image]);
    await run('mount', ['-o', 'loop', image, path]);
  } catch {
    return undefined; // no loop devices, or mounting is forbidden (a container)
  }
  await chmod(path, 0o755);
  return {
    path,
    fill: () => fill(path),
    empty: () => rm(fillerOf(path), { force: true }),
    cutPower: async () => {
      await run('perl', ['-e', SHUT_DOWN, path]);
    },
    restorePower: async () => {
      await unmount(path);
      await run('mount', ['-o', 'loop', image, path]);
    },
    remove: () => unmount(path),
  };
}
