import { EventEmitter } from 'node:events';
import type { ImapFlow } from 'imapflow';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { MailClient } from './mail-client.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
});

class Connection extends EventEmitter {
  usable = true;
  mailbox = false;
  close(): void {
    if (!this.usable) return;
    this.usable = false;
    this.emit('close');
  }
}

const LEASE_MS = 1_000;

function openClient(): MailClient {
  return new MailClient({ connect: async () => new Connection() as unknown as ImapFlow, leaseMs: LEASE_MS });
}

test('a lease that is forgotten ends at its deadline, and its connection with it', async () => {
  const mail = openClient();
  const leases = [await mail.lease(), await mail.lease(), await mail.lease()];
  let served = false;
  const waiting = mail.run(async () => {
    served = true;
  });
  await vi.advanceTimersByTimeAsync(LEASE_MS - 1);
  expect(served).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(served).toBe(true);
  await waiting;
  expect(leases.map(({ client }) => client.usable)).toEqual([false, false, false]);
});

test('a lease in use goes on', async () => {
  const mail = openClient();
  const { client, renew, release } = await mail.lease();
  for (let time = 0; time < 5; time += 1) {
    await vi.advanceTimersByTimeAsync(LEASE_MS - 1);
    renew();
  }
  expect(client.usable).toBe(true);
  release();
  await vi.advanceTimersByTimeAsync(LEASE_MS);
  expect(client.usable).toBe(true);
});

test('what is released after its deadline is not given back twice', async () => {
  const mail = openClient();
  const { release } = await mail.lease();
  await vi.advanceTimersByTimeAsync(LEASE_MS);
  release();
  const others = [mail.lease(), mail.lease(), mail.lease()];
  await Promise.all(others);
  let fourth = false;
  void mail.lease().then(() => {
    fourth = true;
  });
  await vi.advanceTimersByTimeAsync(0);
  expect(fourth).toBe(false);
});
