import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import type { AccessClient } from '../types.ts';
import { compileRules } from './compile-rules.ts';
import { createRuleTable } from './rule-table.ts';
import { rulesToCdb } from './rules-to-cdb.ts';

const client = (address: string, hostname: string | null = null): AccessClient => ({ address, hostname });

function hits(text: string, who: AccessClient): number | undefined {
  const compiled = compileRules(text);
  expect(compiled.errors).toEqual([]);
  return createRuleTable(compiled).find(who)?.rule.line;
}

describe('the look-up order', () => {
  const lines = [
    ':allow',
    '=:allow',
    '=.example:allow',
    '=.mail.example:allow',
    '192.:allow',
    '192.0.:allow',
    '192.0.2.:allow',
    '=a.mail.example:allow',
    '192.0.2.1:allow',
  ];
  const host = 'a.mail.example';
  test.each([
    // The rule that hits goes, and the next in the order takes its place.
    [client('192.0.2.1', host), [9, 8, 7, 6, 5, 4, 3, 2, 1]],
    [client('192.0.2.1'), [9, 7, 6, 5, 1]],
    [client('192.0.2.2', 'example'), [7, 6, 5, 2, 1]],
    [client('2001:db8::1', host), [8, 4, 3, 2, 1]],
  ])('for %j', (who, order) => {
    const left = [...lines];
    for (const line of order) {
      expect(hits(left.join('\n'), who)).toBe(line);
      left[line - 1] = '# gone';
    }
    expect(hits(left.join('\n'), who)).toBeUndefined();
  });

  test('the first of two rules for the same address counts', () => {
    expect(hits('10.:deny\n10.0.0.0/8:allow', client('10.1.1.1'))).toBe(1);
    expect(hits('10.0.0.0/8:allow\n10.:deny', client('10.1.1.1'))).toBe(1);
  });
});

describe('IPv4 networks', () => {
  const text = '10.0.0.0/12:allow\n10.0.0.0/22:allow\n10.0.1.:allow\n10.0.1.128/25:allow\n10.0.1.129:allow\n=h:allow';
  test.each([
    ['10.15.255.255', 1],
    ['10.16.0.0', undefined],
    ['10.0.3.255', 2],
    ['10.0.4.0', 1],
    ['10.0.1.127', 3],
    ['10.0.1.128', 4],
    ['10.0.1.129', 5],
  ])('longest first: %s', (address, line) => {
    expect(hits(text, client(address))).toBe(line);
  });

  test('longer than /24 stand before names, as addresses do', () => {
    expect(hits(text, client('10.0.1.128', 'h'))).toBe(4);
    expect(hits(text, client('10.0.1.1', 'h'))).toBe(6);
  });

  test.each([
    ['10.0.0.1/8:allow', 'The network that 10.0.0.1 is in begins at 10.0.0.0: write 10.0.0.0/8.'],
    ['10.0.0.0/33:allow', 'An IPv4 network has at most 32 bits.'],
    ['10.0.0/8:allow', '10.0.0 is not an IPv4 address.'],
    ['2001:db8::1/32:allow', '2001:db8::1/32 has bits set beyond its length of 32.'],
    ['2001:db8::/129:allow', 'An IPv6 network has at most 128 bits.'],
    ['[1:2]:allow', '1:2 is not an IPv6 address.'],
  ])('%s is refused', (line, message) => {
    expect(compileRules(line).errors).toEqual([{ line: 1, column: 1, message }]);
  });

  test('and ranges cannot fill the memory', () => {
    const { errors, records } = compileRules('1.0-255.:deny\n'.repeat(100_000));
    expect(errors).toHaveLength(1);
    expect(records.length).toBeLessThan(101_000);
  });
});

test.each([
  ['2001:db8::1', 4],
  ['2001:db8::2', 3],
  ['2001:db8:1::', 2],
  ['2001:db9::', 1],
  ['2003::', 5],
])('IPv6 networks, longest first: %s', (address, line) => {
  const text = '2001::/16:deny\n[2001:db8::/32]:deny\n2001:DB8::/48:deny\n[2001:0db8::0.0.0.1]:allow\n:deny';
  expect(hits(text, client(address))).toBe(line);
});

describe.runIf(spawnSync('which', ['tcprulescheck']).status === 0)('the real tcprulescheck', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailstead-rules-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'rules.cdb');

  /** What it prints, without the line that names the key; of a deny it does not tell the variables. */
  function ask({ address, hostname }: AccessClient): string {
    const env = {
      ...process.env,
      TCPREMOTEIP: address,
      ...(hostname !== null && { TCPREMOTEHOST: hostname }),
    };
    return spawnSync('tcprulescheck', [path], { env, encoding: 'utf8' }).stdout.replace(/^rule .*:\n/, '');
  }

  test('reads from our file what we decide in memory', () => {
    const octet = fc.constantFrom(0, 1, 2, 127, 128, 255);
    const address = fc.tuple(fc.constantFrom(10, 11), octet, octet, octet).map((octets) => octets.join('.'));
    const host = fc.constantFrom('h', 'a.h', 'b.a.h', 'x');
    const network = fc.tuple(address, fc.integer({ min: 4, max: 32 })).map(([text, bits]) => {
      const number = text.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
      const start = number - (number % 2 ** (32 - bits));
      return `${[24, 16, 8, 0].map((shift) => (start >>> shift) & 255).join('.')}/${bits}`;
    });
    const prefix = fc.tuple(address, fc.integer({ min: 1, max: 3 })).map(([text, octets]) => {
      return `${text.split('.').slice(0, octets).join('.')}.`;
    });
    const range = prefix.map((text) => `${text}0-130`);
    const name = host.map((text) => `=${text}`);
    const domain = host.map((text) => `=.${text}`);
    const who = fc.oneof(network, network, prefix, range, address, name, domain, fc.constantFrom('', '='));
    const rules = fc.array(fc.tuple(who, fc.constantFrom('allow', 'deny')), { minLength: 1, maxLength: 8 });
    const asked = fc.array(fc.tuple(address, fc.option(host)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(rules, asked, (written, clients) => {
        const text = written.map(([key, verdict], index) => `${key}:${verdict},N="${index}"`).join('\n');
        const compiled = compileRules(text);
        const table = createRuleTable(compiled);
        writeFileSync(path, rulesToCdb(compiled));
        for (const [address, hostname] of clients) {
          const hit = table.find({ address, hostname });
          const number = hit?.decision.variables.get('N');
          const variable = hit ? `set environment variable N=${number}\n` : '';
          const ours = hit?.decision.allow === false ? 'deny connection\n' : `${variable}allow connection\n`;
          expect(ask({ address, hostname }).replace('default:\n', '')).toBe(ours);
        }
      }),
      { numRuns: 150 },
    );
  });
});
