/**
 * The `mailstead` command line. Acts as the system on the database of the Mailstead that runs on this folder, or, when none
 * does, on the embedded database started for as long as the command takes.
 */
import type { Config } from '#server/config.ts';
import { checkCommand } from './commands/check.ts';
import type { CommandContext } from './commands/context.ts';
import { passwordLinkCommand } from './commands/password-link.ts';
import { rulesCommand } from './commands/rules.ts';
import { setCommand } from './commands/set.ts';
import { startEmbeddedDatabase } from './database.ts';
import { readReachableConfig } from './reachable-config.ts';
import { claimFolder, findUser, releaseFolder } from './run-file.ts';
import { ensureSecrets } from './secrets.ts';
import { ensureSystemUser } from './system-user.ts';

interface Command {
  usage: string;
  about: string;
  /** Returns the exit status. */
  run: (context: CommandContext, args: readonly string[]) => Promise<number>;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  check: {
    usage: 'check [--repair] [--deep]',
    about: 'verify every invariant of the mail store and the queue',
    run: checkCommand,
  },
  'password-link': {
    usage: 'password-link EMAIL',
    about: 'print a one-time link with which an operator sets a password',
    run: passwordLinkCommand,
  },
  rules: {
    usage: 'rules show|test|import|export …',
    about: 'access rules, from and to the files of tcpserver',
    run: rulesCommand,
  },
  set: { usage: 'set KEY VALUE…', about: 'change a run-time setting (null for the default)', run: setCommand },
};

type Run = (context: CommandContext) => Promise<number>;

async function withDatabase(run: Run): Promise<number> {
  const config = await readReachableConfig();
  const user = await findUser(config.varDir);
  if (user?.running) return run(user.running);
  if (config.databaseUrl) return run({ databaseUrl: config.databaseUrl, webUrl: config.http.publicUrl });
  await claimFolder(config.varDir);
  try {
    return await withOwnDatabase(config, run);
  } finally {
    await releaseFolder(config.varDir);
  }
}

async function withOwnDatabase({ varDir, runAsUser, http }: Config, run: Run): Promise<number> {
  const { postgresPassword } = await ensureSecrets(varDir);
  const runAs = await ensureSystemUser(runAsUser);
  const database = await startEmbeddedDatabase({ varDir, password: postgresPassword, runAs });
  try {
    return await run({ databaseUrl: database.url, webUrl: http.publicUrl });
  } finally {
    await database.stop();
  }
}

function printUsage(): void {
  const lines = Object.values(COMMANDS).map(({ usage, about }) => `  mailstead ${usage.padEnd(28)}${about}`);
  process.stdout.write(`Usage:\n${lines.join('\n')}\n`);
}

const [name = '', ...args] = process.argv.slice(2);
const command = COMMANDS[name];
if (command) {
  try {
    process.exitCode = await withDatabase((context) => command.run(context, args));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
    process.exitCode = 1;
  }
} else {
  printUsage();
  process.exitCode = name === '' || name === 'help' ? 0 : 2;
}
