/** Many sessions, on two engines, change one folder at the same time; afterwards each has been told exactly what is there. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { runCheck } from '#engine/check/run-check.ts';
import { MirrorClient } from './testing/mirror-client.ts';
import { type ImapServer, openImapServer } from './testing/open-imap-server.ts';

let server: ImapServer;
let secondPort: number;
beforeAll(async () => {
  server = await openImapServer(inject('clusterUrl'));
  secondPort = await server.openSecondEngine();
});
afterAll(() => server.close());

const FLAGS = ['\\Seen', '\\Flagged', '\\Deleted', '$Work'];
const SESSIONS = 3;

interface Step {
  session: number;
  action:
    | 'set'
    | 'clear'
    | 'set-silently'
    | 'clear-silently'
    | 'append'
    | 'expunge'
    | 'copy'
    | 'move'
    | 'noop'
    | 'fetch'
    | 'search';
  /** Of the folder as the session knows it, 0 to 1. */
  where: number;
  flag: string;
}

const step: fc.Arbitrary<Step> = fc.record({
  session: fc.nat(SESSIONS - 1),
  action: fc.constantFrom<Step['action'][]>(
    'set',
    'set',
    'clear',
    'set-silently',
    'clear-silently',
    'append',
    'append',
    'expunge',
    'copy',
    'move',
    'noop',
    'fetch',
    'search',
  ),
  where: fc.double({ min: 0, max: 1, noNaN: true }),
  flag: fc.constantFrom(...FLAGS),
});

/** Commands that name a message are left out while the session knows of none. */
async function act(client: MirrorClient, { action, where, flag }: Step): Promise<void> {
  const sequence = Math.min(client.messages.length, 1 + Math.floor(where * client.messages.length));
  if (action === 'append') await client.run(`APPEND INBOX (${flag}) {16+}\r\nSubject: x\r\n\r\nhi`);
  else if (action === 'expunge' || action === 'noop') await client.run(action);
  else if (sequence === 0) return;
  else if (action === 'copy') await client.run(`COPY ${sequence} INBOX`);
  else if (action === 'move') await client.run(`MOVE ${sequence} Archive`);
  else if (action === 'fetch') await client.run(`FETCH 1:${sequence} (UID FLAGS)`);
  else if (action === 'search') await client.run(`SEARCH KEYWORD $Work`);
  else await store(client, sequence, action, flag);
}

async function store(client: MirrorClient, sequence: number, action: Step['action'], flag: string): Promise<void> {
  const sign = action.startsWith('set') ? '+' : '-';
  if (!action.endsWith('silently')) {
    await client.run(`STORE ${sequence} ${sign}FLAGS (${flag})`);
    return;
  }
  client.applySilently(sequence, flag, sign === '+');
  await client.run(`STORE ${sequence} ${sign}FLAGS.SILENT (${flag})`);
}

test('what sessions were told is what is there', async () => {
  let accounts = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), async (steps) => {
      accounts += 1;
      const address = `crowd${accounts}@one.example`;
      await server.addAccount(address);
      const clients: MirrorClient[] = [];
      for (let opened = 0; opened < SESSIONS; opened += 1) {
        clients.push(await MirrorClient.open(opened === 0 ? secondPort : server.port, address));
      }
      // Each session does its own steps in order, all sessions at the same time.
      await Promise.all(
        clients.map(async (client, session) => {
          for (const each of steps.filter((one) => one.session === session)) await act(client, each);
        }),
      );
      for (const client of clients) await client.run('NOOP');
      const fresh = await MirrorClient.open(server.port, address);
      for (const { messages } of clients) {
        expect(messages).toHaveLength(fresh.messages.length);
        for (const [index, { uid, flags }] of messages.entries()) {
          const truth = fresh.messages[index];
          if (uid !== undefined) expect(uid).toBe(truth?.uid);
          if (flags !== undefined) expect(flags).toEqual(truth?.flags);
        }
      }
      for (const client of [...clients, fresh]) client.close();
    }),
    { numRuns: 25, interruptAfterTimeLimit: 25_000 },
  );
  expect(await runCheck(server.pool, { repair: false })).toEqual([]);
}, 90_000);
