/** `mailstead rules …`: access rules from and to the files of tcpserver, by the same operations as the panel's page. */
import { readFile, writeFile } from 'node:fs/promises';
import { readCurrentRules } from '#server/access-rules/current-rules.ts';
import { exportRules } from '#server/access-rules/export-rules.ts';
import { serviceInput } from '#server/access-rules/inputs.ts';
import { cdbToRules } from '#server/access-rules/rules/cdb-to-rules.ts';
import { saveRules } from '#server/access-rules/save-rules.ts';
import { testRules } from '#server/access-rules/test-rules.ts';
import type { AccessService } from '#server/access-rules/types.ts';
import { SYSTEM } from '#server/actor/actor.ts';
import { createPrisma } from '#server/database/prisma.ts';
import type { Context } from '#server/operation.ts';
import type { CommandContext } from './context.ts';

const USAGE = `Usage:
  mailstead rules show SERVICE                      the rules as text
  mailstead rules test SERVICE ADDRESS [HOSTNAME]   what happens to a connection
  mailstead rules import SERVICE FILE               takes over a tcp.smtp, or its compiled .cdb
  mailstead rules export SERVICE [FILE]             compiles as tcprules does; without FILE to standard output
SERVICE is smtp, submission, imap or pop3.`;

type Run = (context: Context, service: AccessService, args: readonly string[]) => Promise<number>;

const say = (text: string): void => void process.stdout.write(`${text}\n`);

const show: Run = async ({ db }, service) => {
  process.stdout.write((await readCurrentRules(db, service)).text);
  return 0;
};

const test: Run = async (context, service, [address = '', hostname = '']) => {
  const { allow, decidedBy, rule, openedBy, variables } = await testRules(context, { service, address, hostname });
  say(allow ? 'allowed' : 'denied');
  if (decidedBy === 'opening') say(`by POP-before-SMTP: ${openedBy.map((opening) => opening.address).join(', ')}`);
  else say(rule ? `by line ${rule.line}: ${rule.text}` : 'by no rule');
  for (const { name, value, meaning } of variables) say(`  ${name}="${value}"  ${meaning}`);
  return allow ? 0 : 100;
};

const exportTo: Run = async (context, service, [file]) => {
  const { cdb, leftOut } = await exportRules(context, { service });
  const bytes = Buffer.from(cdb, 'base64');
  if (leftOut.length > 0) process.stderr.write(`Left out, tcpserver knows no IPv6: lines ${leftOut.join(', ')}\n`);
  if (file === undefined) process.stdout.write(bytes);
  else await writeFile(file, bytes);
  return 0;
};

const importFrom: Run = async (context, service, [file]) => {
  if (file === undefined) throw new Error(USAGE);
  const bytes = await readFile(file);
  const text = file.endsWith('.cdb') ? cdbToRules(bytes) : bytes.toString();
  await saveRules(context, { service, text });
  say(`Saved. The rules of ${service} are those of ${file} now.`);
  return 0;
};

const RUNS: Readonly<Record<string, Run>> = { show, test, export: exportTo, import: importFrom };

export async function rulesCommand({ databaseUrl }: CommandContext, args: readonly string[]): Promise<number> {
  const [what = '', name = '', ...rest] = args;
  const run = RUNS[what];
  const service = serviceInput.safeParse(name);
  if (!run || !service.success) throw new Error(USAGE);
  const db = createPrisma(databaseUrl, 1);
  try {
    return await run({ db, actor: SYSTEM, now: () => new Date() }, service.data, rest);
  } finally {
    await db.$disconnect();
  }
}
