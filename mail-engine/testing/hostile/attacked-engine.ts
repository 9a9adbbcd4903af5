/**
 * The real engine under attack: started on a database of its own with its log at debug, watched in memory and in what it logs.
 * Afterwards the store must be consistent and the log must hold nothing of what was planted as a secret.
 */
import { readFile } from 'node:fs/promises';
import { expectClean } from '#engine/check/run-check.ts';
import { LineClient } from '#engine/net/testing/line-client.ts';
import { cloneDatabase } from '#prisma/testing/clone-database.ts';
import { createPool } from '#server/database/pool.ts';
import { startEngineProcess } from '../engine-process.ts';
import { createMailboxes } from '../mailboxes.ts';

export const PASSWORD = 'planted-password-harbour-seal';
/** Goes into messages, names of folders and the like; the log must never show it. */
export const SECRET = 'planted-secret-of-a-letter';
const MIB = 1024 * 1024;

export type AttackedEngine = Awaited<ReturnType<typeof startAttackedEngine>>;

export async function startAttackedEngine(clusterUrl: string, env: Record<string, string> = {}) {
  const database = await cloneDatabase(clusterUrl);
  const users = await createMailboxes(database.url, { domain: 'attacked.example', count: 2, password: PASSWORD });
  const output: string[] = [];
  const engine = await startEngineProcess({
    databaseUrl: database.url,
    env: { LOG_LEVEL: 'debug', ...env },
    onOutput: (text) => output.push(text),
  });
  const { ports, pid } = engine;
  const [user = '', other = ''] = users;

  async function readResidentMib(): Promise<number> {
    const status = await readFile(`/proc/${pid}/status`, 'latin1');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  }

  /** Stops it in order and looks at what is left; throws where anything is wrong. */
  async function end(): Promise<void> {
    await engine.end('SIGTERM');
    const pool = createPool({ connectionString: database.url, max: 1 });
    try {
      await expectClean(pool);
    } finally {
      await pool.end();
      await database.drop();
    }
    requireDiscreet(output.join(''));
  }

  return { ports, user, other, database, readResidentMib, end };
}

/** What any base64 that holds `text` shows of it, wherever in a group of three bytes it begins there. */
function base64Cores(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    return Buffer.from('x'.repeat(shift) + text)
      .toString('base64')
      .slice(4, -4);
  });
}

/** Passwords and content may be nowhere in the log, in no encoding a log would have them in. */
function requireDiscreet(log: string): void {
  if (!log.includes('engine ready')) throw new Error('the log was not captured');
  const planted = [PASSWORD, SECRET, ...base64Cores(PASSWORD), ...base64Cores(SECRET)];
  for (const secret of planted) {
    const at = log.indexOf(secret);
    if (at >= 0) throw new Error(`the log tells a secret: ${log.slice(Math.max(0, at - 300), at + 100)}`);
  }
}

export const mebibytes = (count: number): number => count * MIB;

/** An SMTP session after its EHLO. */
export async function openSmtp(engine: AttackedEngine): Promise<LineClient> {
  const client = await LineClient.connect(engine.ports.smtp);
  await client.reply();
  await client.ask('EHLO attacker.example');
  return client;
}

/** An SMTP session in which DATA has been answered with 354. */
export async function openData(engine: AttackedEngine): Promise<LineClient> {
  const client = await openSmtp(engine);
  await client.ask('MAIL FROM:<attacker@attacker.example>');
  await client.ask(`RCPT TO:<${engine.user}>`);
  await client.ask('DATA');
  return client;
}

export async function openImap(engine: AttackedEngine, user: string | null = engine.user): Promise<LineClient> {
  const client = await LineClient.connect(engine.ports.imaps, { tls: true });
  await client.line();
  if (user !== null) await tagged(client, `login LOGIN ${user} "${PASSWORD}"`);
  return client;
}

export async function openPop3(engine: AttackedEngine, signIn = true): Promise<LineClient> {
  const client = await LineClient.connect(engine.ports.pop3s, { tls: true });
  await client.line();
  if (!signIn) return client;
  await client.ask(`USER ${engine.user}`);
  await client.ask(`PASS ${PASSWORD}`);
  return client;
}

/** Sends an IMAP command and reads up to its tagged response: all lines, the tagged one last. */
export async function taggedLines(client: LineClient, command: string | Buffer): Promise<string[]> {
  client.send(command);
  client.send('\r\n');
  const tag = String(command.toString('latin1').split(' ')[0]);
  const lines: string[] = [];
  for (;;) {
    const line = await client.line();
    lines.push(line ?? '(closed)');
    if (line === undefined || line.startsWith(`${tag} `) || line.startsWith('* BYE')) return lines;
  }
}

export async function tagged(client: LineClient, command: string | Buffer): Promise<string> {
  return (await taggedLines(client, command)).at(-1) ?? '';
}

/** Whatever happened before: a stranger's message goes in and its owner reads it, by IMAP and by POP3. */
export async function requireServing(engine: AttackedEngine): Promise<void> {
  const smtp = await openData(engine);
  smtp.send(`Subject: still here\r\n\r\n${SECRET}\r\n.\r\n`);
  const accepted = await smtp.reply();
  smtp.cut();
  const imap = await openImap(engine);
  const selected = await taggedLines(imap, 's SELECT INBOX');
  imap.cut();
  const pop3 = await openPop3(engine);
  const stat = await pop3.ask('STAT');
  pop3.cut();
  const exists = selected.find((line) => line.endsWith(' EXISTS'))?.split(' ')[1] ?? '0';
  if (!accepted.startsWith('250 ') || exists === '0' || !stat.startsWith(`+OK ${exists} `)) {
    throw new Error(`not serving: ${JSON.stringify({ accepted, selected, stat })}`);
  }
}
