import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { ManualClock } from '#engine/testing/manual-clock.ts';
import { type ScriptedMx, startScriptedMx } from '#engine/testing/scripted-mx.ts';
import type { QueueRunner } from './runner.ts';
import { openTestQueue, type TestQueue } from './testing/open-test-queue.ts';

let queue: TestQueue;
let server: ScriptedMx;
let runner: QueueRunner;
let passes: Promise<void>[];

beforeAll(async () => {
  queue = await openTestQueue(inject('clusterUrl'));
});
afterAll(() => queue.close());

/** A delivery whose server has the whole message and takes its time to say so. */
beforeEach(async () => {
  await queue.reset();
  for (const domain of ['there.test', 'other.test']) queue.zone[domain] = { A: ['127.0.0.1'] };
  server = await startScriptedMx({
    reply: (line, connection) => (line === '(message)' && connection === 1 ? 'hang' : undefined),
  });
  await submit('bob@there.test');
  runner = queue.runner({ remotePort: server.port });
  passes = [runner.runDue()];
  await server.saw('1: (message)');
});
afterEach(() => server.close());

const submit = (address: string) => queue.submit({ sender: 'ann@own.test', to: [address] });
const states = async () =>
  (await queue.entries()).map(({ recipient, state, attempts }) => `${recipient} ${state} ${attempts}`);
async function areLive(): Promise<boolean[]> {
  const leased = `SELECT lease_until > now() AS live FROM queue_entry WHERE state = 'leased'`;
  return (await queue.pool.query<{ live: boolean }>(leased)).rows.map(({ live }) => live);
}

/** What was booked for the next attempt is over, as after minutes without the database or in sleep. */
const passBookedAttempt = () => queue.pool.query(`UPDATE queue_entry SET next_attempt_at = now() - interval '1 hour'`);

/** A pass in which another message is delivered: by then it has done all it does with what was due before. */
async function passBesides(): Promise<void> {
  await submit('carol@other.test');
  passes.push(runner.runDue());
  await expect.poll(() => server.messages.length).toBe(1);
  await expect.poll(states).toHaveLength(1);
}

/** The server's reply comes at last: bob has been told of once, and nothing stays. */
async function finish(): Promise<void> {
  server.say('250 2.0.0 taken');
  await Promise.all(passes);
  expect(await queue.entries()).toEqual([]);
  expect(server.transcript.filter((line) => line.includes('RCPT TO:<bob@there.test>'))).toHaveLength(1);
}

test('one that ended while its runner was cut off or asleep is renewed, and the message not sent again', async () => {
  await queue.ageLeases();
  await passBookedAttempt();
  await passBesides();
  expect(await states()).toEqual(['bob@there.test leased 1']);
  expect(await areLive()).toEqual([true]);
  await finish();
});

test('one that another runner has ended is taken again without a second delivery', async () => {
  await queue.ageLeases();
  await queue.runner({ remotePort: server.port }).runDue();
  expect(await states()).toEqual(['bob@there.test waiting 1']);
  await passBookedAttempt();
  await passBesides();
  expect(await states()).toEqual(['bob@there.test leased 2']);
  await finish();
});

test('one that lives is not taken by a runner whose clock is ahead', async () => {
  const ahead = new ManualClock(new Date(queue.clock.now().getTime() + 3_600_000));
  await queue.runner({ remotePort: server.port, clock: ahead }).runDue();
  expect(await states()).toEqual(['bob@there.test leased 1']);
  await finish();
});

test('it is renewed for as long as the delivery takes', async () => {
  const { timers } = queue.clock;
  for (let count = 0; count < 3; count += 1) {
    await queue.ageLeases();
    queue.clock.advance(40_000);
    await expect.poll(areLive).toEqual([true]);
    await expect.poll(() => queue.clock.timers).toBe(timers);
  }
  await finish();
});
