import { simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import { demoMessages } from './demo-messages.ts';
import { demoAccounts, demoDomains, demoOperators } from './hosting.ts';
import type { DemoAccount } from './types.ts';

const NOW = new Date('2026-11-23T09:00:00Z');
const [mira] = demoAccounts as [DemoAccount];
const messages = [...demoMessages(mira, { now: NOW })];
const parsed = await Promise.all(
  messages.map(async (message) => ({ ...message, mail: await simpleParser(message.bytes) })),
);

function bySubject(pattern: RegExp): (typeof parsed)[number] {
  const found = parsed.find(({ mail }) => pattern.test(mail.subject ?? ''));
  if (found === undefined) throw new Error(`no message with subject ${pattern}`);
  return found;
}

describe('who is who', () => {
  test('names fit together', () => {
    const domains = new Set(demoDomains.map(({ name }) => name));
    const operators = new Map(demoOperators.map((operator) => [operator.email, operator.role]));
    for (const { owner, reseller } of demoDomains) {
      if (owner) expect(operators.get(owner)).toBe('domain_owner');
      if (reseller) expect(operators.get(reseller)).toBe('reseller');
    }
    const addresses = demoAccounts.flatMap(({ address, aliases }) => {
      const domain = address.split('@')[1] ?? '';
      expect(domains).toContain(domain);
      return [address, ...aliases.map((alias) => `${alias}@${domain}`)];
    });
    expect(new Set(addresses).size).toBe(addresses.length);
  });

  test('every domain is reserved for examples', () => {
    for (const { name } of demoDomains) expect(name).toMatch(/\.example$/);
    const texts = parsed.map(({ mail }) => `${mail.text}${mail.html || ''}`);
    const hosts = texts.flatMap((text) => text.match(/https?:\/\/[a-z0-9.-]+/g) ?? []);
    expect(hosts.length).toBeGreaterThan(100);
    expect(hosts.filter((host) => !host.endsWith('.example'))).toEqual([]);
  });
});

describe('the mail', () => {
  test('is the same for the same seed and another for another', () => {
    expect([...demoMessages(mira, { now: NOW })]).toEqual(messages);
    expect([...demoMessages(mira, { now: NOW, seed: 'other' })]).not.toEqual(messages);
  });

  test('a few hundred for a busy mailbox, a few dozen for a quiet one', () => {
    expect(messages.length).toBeGreaterThan(250);
    for (const account of demoAccounts) {
      const count = [...demoMessages(account, { now: NOW })].length;
      expect(count).toBeGreaterThan(account.mail === 'busy' ? 250 : 20);
      expect(count).toBeLessThan(account.mail === 'busy' ? 500 : 120);
    }
  });

  test('oldest first, none from the future', () => {
    const times = messages.map(({ date }) => date.getTime());
    expect(times).toEqual([...times].sort((left, right) => left - right));
    expect(Math.max(...times)).toBeLessThan(NOW.getTime());
  });

  test('is sound: CRLF lines of at most 998 octets, a date, a sender, an id of its own', () => {
    for (const { bytes, mail, date } of parsed) {
      const text = bytes.toString('latin1');
      expect(text).not.toMatch(/(?<!\r)\n|\r(?!\n)/);
      expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(998);
      expect(mail.date?.getTime()).toBe(Math.floor(date.getTime() / 1000) * 1000);
      expect(mail.from?.value).toHaveLength(1);
    }
    expect(new Set(parsed.map(({ mail }) => mail.messageId)).size).toBe(parsed.length);
  });

  test('reads back in every charset', () => {
    for (const [charset, subject, words] of [
      ['koi8-r', /Саженцы яблонь/, 'шесть антоновок'],
      ['iso-2022-jp', /装丁の見本/, '表紙の紙は二種類あります'],
      ['gb18030', /春茶样品/, '请用八十度的水'],
      ['iso-8859-1', /Korrektur für/, 'zwölfhundert Fischbrötchen'],
      ['iso-8859-7', /Οι χάρτες/, 'δύο μικρούς όρμους'],
    ] as const) {
      const { bytes, mail } = bySubject(subject);
      expect(bytes.toString('latin1')).toContain(`charset=${charset}`);
      expect(mail.text).toContain(words);
    }
    expect(bySubject(/יריד הספרים/).mail.text).toContain('עגלת הקפה');
    expect(bySubject(/موعد تسليم/).mail.text).toContain('بحر هادئ');
    expect(parsed.filter(({ mail }) => /\ufffd/.test(`${mail.subject}${mail.text}`))).toEqual([]);
  });

  test('replies refer to what they answer', () => {
    const door = parsed.filter(({ mail }) => mail.subject?.endsWith('The boathouse door'));
    expect(door.length).toBeGreaterThan(20);
    for (const [index, { mail }] of door.entries()) {
      const references = [mail.references ?? []].flat();
      expect(references).toEqual(door.slice(0, index).map((earlier) => earlier.mail.messageId));
    }
    const post = bySubject(/^Re: \[wooden-boats\] Leaks/);
    expect(parsed.map(({ mail }) => mail.messageId)).toContain(post.mail.inReplyTo);
  });

  test('has files that are what they say', () => {
    const invoice = bySubject(/^Invoice 2026/).mail.attachments[0];
    const pdf = invoice?.content.toString('latin1') ?? '';
    const start = Number(/startxref\n(\d+)\n%%EOF\n$/.exec(pdf)?.[1]);
    expect(pdf.startsWith('%PDF-1.4')).toBe(true);
    expect(pdf.slice(start, start + 4)).toBe('xref');
    for (const entry of pdf.slice(start).match(/^\d{10} 00000 n/gm) ?? []) {
      expect(pdf.slice(Number(entry.slice(0, 10)))).toMatch(/^\d+ 0 obj/);
    }
    const photos = bySubject(/Three evenings/).mail.attachments;
    expect(photos.map(({ filename }) => filename)).toContain('Abendlicht über dem Hafen.png');
    for (const { content } of photos) expect(content.subarray(1, 4).toString()).toBe('PNG');
    expect(bySubject(/^Invitation: Rencontre/).mail.attachments.map(({ contentType }) => contentType)).toContain(
      'application/ics',
    );
    expect(bySubject(/^Weekly count/).mail.attachments[0]?.cid).toMatch(/^week-/);
  });

  test('has what a reader must survive', () => {
    expect(bySubject(/almost full/).mail.html).toContain('<script>');
    expect(parsed.filter(({ mail }) => mail.subject === undefined && mail.text?.includes('kettle'))).toHaveLength(1);
    expect(Math.max(...parsed.map(({ mail }) => mail.subject?.length ?? 0))).toBeGreaterThan(600);
    expect(new Set(messages.map(({ folder }) => folder))).toEqual(
      new Set([
        'INBOX',
        'Sent',
        'Archive',
        'Drafts',
        'Junk',
        'Trash',
        'Receipts',
        'Travel',
        'Recipes',
        'Lists/Wooden boats',
      ]),
    );
  });
});
