/** Debian's mail programs, run as a person would run them. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { promisify } from 'node:util';

const exec = promisify(execFile);

/** For `test.skipIf(!has('mbsync'))`: the summary of `npm test` names what is missing. */
export function has(program: string): boolean {
  return ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/bin', '/sbin'].some((dir) => {
    try {
      accessSync(`${dir}/${program}`, constants.X_OK);
      return true;
    } catch {
      return false; // not in this folder
    }
  });
}

/** Runs to the end and returns standard output as bytes; throws with what it said on both outputs when the status is not 0. */
export async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Buffer> {
  const options = { maxBuffer: 128 * 1024 * 1024, timeout: 60_000, env: { ...process.env, ...env } };
  try {
    return (await exec(program, [...args], { ...options, encoding: 'buffer' })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    throw new Error(`${program} failed: ${stderr ?? ''} ${stdout?.subarray(0, 2_000) ?? ''}`, { cause: error });
  }
}
