/**
 * Clients of a proxied mail server that come from any address, by PROXY headers; the access rules they meet, and the POP3 sign-ins by
 * which they open relaying.
 */
import { expect, vi } from 'vitest';
import type { LineClient } from '#engine/net/testing/line-client.ts';
import type { ManualClock } from '#engine/testing/manual-clock.ts';
import { saveRules } from '#server/access-rules/save-rules.ts';
import { SYSTEM } from '#server/actor/actor.ts';
import { type MailServer, PASSWORD } from './open-mail-server.ts';

/** For what NOTIFY brings; hooks may wait for it too. */
const until = (holds: () => boolean) => vi.waitFor(() => expect(holds()).toBe(true), { timeout: 10_000, interval: 5 });

export class OutsideClients {
  readonly #server: MailServer;
  readonly #clock: ManualClock;
  readonly #clients: LineClient[] = [];
  #saves = 0;

  constructor(server: MailServer, clock: ManualClock) {
    this.#server = server;
    this.#clock = clock;
  }

  cut(): void {
    for (const client of this.#clients) client.cut();
  }

  /** Saves rules for SMTP and waits until the engine has them. */
  async useRules(text: string): Promise<void> {
    const { db, accessPolicy } = this.#server;
    this.#saves += 1;
    const marker = `9.9.9.${this.#saves}`;
    const context = { db, actor: SYSTEM, now: () => this.#clock.now() };
    await saveRules(context, { service: 'smtp', text: `${text}\n${marker}:deny` });
    await until(() => !accessPolicy.decide('smtp', { address: marker, hostname: null }).allow);
  }

  async connect(address: string, service: 'mx' | 'pop3s' | 'pop3' = 'mx'): Promise<LineClient> {
    const client = await this.#server.connect(service);
    this.#clients.push(client);
    const family = address.includes(':') ? 'TCP6' : 'TCP4';
    client.send(`PROXY ${family} ${address} ${family === 'TCP6' ? '::1' : '127.0.0.1'} 50000 25\r\n`);
    return client;
  }

  async greeted(address: string): Promise<LineClient> {
    const client = await this.connect(address);
    expect(await client.reply()).toMatch(/^220 /);
    expect(await client.ask('EHLO client.example')).toMatch(/^250/);
    return client;
  }

  async addressed(address: string, sender = 'someone@remote.example'): Promise<LineClient> {
    const client = await this.greeted(address);
    expect(await client.ask(`MAIL FROM:<${sender}>`)).toMatch(/^250 /);
    return client;
  }

  /** Signs in to POP3 from `address` and waits until the engine's policy knows. */
  async fetchMail(address: string, name: string): Promise<void> {
    const { accessPolicy, accounts } = this.#server;
    await until(() => accessPolicy.wantsOpening(1));
    const client = await this.connect(address, 'pop3');
    expect(await client.line()).toMatch(/^\+OK/);
    client.send('STLS\r\n');
    expect(await client.line()).toMatch(/^\+OK/);
    await client.startTls();
    client.send(`USER ${name}@one.example\r\nPASS ${PASSWORD}\r\n`);
    expect(await client.line()).toMatch(/^\+OK/);
    expect(await client.line()).toMatch(/^\+OK/);
    await until(() => accessPolicy.openUntil(address, accounts[name] ?? 0) > this.#clock.now().getTime());
  }
}
