/** Our compiler beside the real tcprules (Debian's ucspi-tcp) and the real cdb reader (tinycdb). */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cdbHash } from '../../maps/cdb/hash.ts';
import { findInCdb, readCdb } from '../../maps/cdb/read-cdb.ts';
import { writeCdb } from '../../maps/cdb/write-cdb.ts';
import { cdbToRules } from './cdb-to-rules.ts';
import { compileRules } from './compile-rules.ts';
import { rulesToCdb } from './rules-to-cdb.ts';

const has = (program: string): boolean => spawnSync('which', [program]).status === 0;
const folder = mkdtempSync(join(tmpdir(), 'mailstead-rules-'));
afterAll(() => rmSync(folder, { recursive: true }));

interface Outcome {
  /** Null where the line was refused. */
  cdb: Buffer | null;
  status: number | null;
}

function runTcprules(text: string): Outcome {
  const [path, temporary] = [join(folder, 'x.cdb'), join(folder, 'x.tmp')];
  rmSync(path, { force: true });
  const { status } = spawnSync('tcprules', [path, temporary], { input: Buffer.from(text) });
  return { status, cdb: existsSync(path) ? readFileSync(path) : null };
}

function compile(text: string): Outcome {
  const compiled = compileRules(text);
  if (compiled.errors.length > 0) return { status: 100, cdb: null };
  return { status: 0, cdb: rulesToCdb(compiled) };
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const bytes = (text: string): Buffer => Buffer.from(text);

describe('cdb', () => {
  test.each([
    ['', 0x00001505],
    ['example.com', 0xe8b78f82],
    ['.example.com', 0x2395694c],
    ['!joe\0', 0x05e43c84],
    ['!example.com-', 0x5ed6e12e],
    ['1.2.3.', 0xe2cc079b],
  ])('hash of %j', (key, hash) => {
    expect(cdbHash(bytes(key))).toBe(hash);
  });

  test('files of known bytes', () => {
    const greetings = writeCdb([
      { key: bytes('one'), data: bytes('Hello') },
      { key: bytes('two'), data: bytes('Goodbye') },
    ]);
    expect(greetings.length).toBe(2114);
    expect(sha256(greetings)).toBe('fc9606a29745ca7dbff05f57c923d3e56334e625f4d65eec30844baf08051d0f');
    const hosts = writeCdb(['example.com', '.example.org'].map((key) => ({ key: bytes(key), data: bytes('') })));
    expect(hosts.length).toBe(2119);
    expect(sha256(hosts)).toBe('12fe191f6ec32ffe36eea5b28a5d7819d20d1adeab3880994d67d4f18cc52983');
  });

  test('what was written is read: all of it, and the first record of each key', () => {
    const keys = fc.uint8Array({ maxLength: 6, max: 3 });
    fc.assert(
      fc.property(
        fc.array(fc.record({ key: keys, data: fc.uint8Array({ maxLength: 20 }) })),
        keys,
        (records, other) => {
          const file = writeCdb(records);
          expect(readCdb(file).map(({ key, data }) => [[...key], [...data]])).toEqual(
            records.map(({ key, data }) => [[...key], [...data]]),
          );
          for (const wanted of [other, ...records.map(({ key }) => key)]) {
            const first = records.find(({ key }) => Buffer.compare(key, wanted) === 0);
            expect(findInCdb(file, wanted)).toEqual(first && Buffer.from(first.data));
          }
        },
      ),
    );
  });

  test('a damaged file is refused or read within its bounds', () => {
    const file = writeCdb([{ key: bytes('key'), data: bytes('value') }]);
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.nat(255), fc.nat(file.length), (at, value, length) => {
        const damaged = Buffer.from(file.subarray(0, length));
        if (at < length) damaged[at] = value;
        for (const read of [() => readCdb(damaged), () => findInCdb(damaged, bytes('key'))]) {
          try {
            read();
          } catch (error) {
            expect(error).toBeInstanceOf(RangeError);
          }
        }
      }),
    );
  });
});

/** The reference's table: what the real program wrote. */
const VECTORS: readonly (readonly [line: string, keys: readonly string[], data: string])[] = [
  ['1.2.3.4:allow,RELAYCLIENT=""', ['1.2.3.4'], '+RELAYCLIENT=\0'],
  ['1.2.3.37-39:deny', ['1.2.3.37', '1.2.3.38', '1.2.3.39'], 'D\0'],
  ['10.2-3.:allow,A="x",B=/y/', ['10.2.', '10.3.'], '+A=x\0+B=y\0'],
  ['joe@127.0.0.1:allow,RELAYCLIENT="@r"', ['joe@127.0.0.1'], '+RELAYCLIENT=@r\0'],
  ['=.example.com:allow', ['=.example.com'], ''],
  [':allow,FOO="a,b"', [''], '+FOO=a,b\0'],
  ['1.2.3.253-300:deny', ['1.2.3.253', '1.2.3.254', '1.2.3.255'], 'D\0'],
  ['2.2-3.1-2.:allow', ['2.2.1-2.', '2.3.1-2.'], ''],
  ['joe@1.2.3.1-2:deny', ['joe@1.2.3.1-2'], 'D\0'],
  ['=a-b.example:deny', ['=a-b.example'], 'D\0'],
  ['1.2.3.4:deny,A="1"', ['1.2.3.4'], 'D\0+A=1\0'],
  ['1.2.3.4:allow,A=xyzx', ['1.2.3.4'], '+A=yz\0'],
  ['1.2.3.4 :deny \t ', ['1.2.3.4 '], 'D\0'],
  ['5-3:deny', [], ''],
  ['1.2.-3:deny', ['1.2.0', '1.2.1', '1.2.2', '1.2.3'], 'D\0'],
  ['#1.2.3.4:deny', [], ''],
  ['no colon', [], ''],
];

const REFUSED = [
  ...['1:allo', '1:allow,', '1:denyX="a"', '1:allow,X=a', '1:allowX', '1:allow X="a"', '1:allow,A=', '1-2-3.:deny'],
  ...['1.2.3-4x:deny', 'a-b:deny', '1:allow,A="x" ,B="y"', '1:allow,A="x"B="y"', '1:allow\r', ':', '1:', '1:ALLOW'],
];

describe('tcprules', () => {
  test.each(VECTORS)('%s', (line, keys, data) => {
    const { cdb } = compile(line);
    expect(cdb && readCdb(cdb).map((record) => [String(record.key), String(record.data)])).toEqual(
      keys.map((key) => [key, data]),
    );
  });

  test.each(REFUSED)('%s is refused', (line) => {
    expect(compile(line).status).toBe(100);
  });

  test('says where a line is wrong', () => {
    const { errors } = compileRules(
      '1.2.3.4:allow\n# ünd\n=h:allow,Ä="ü",B="x"C\n=h:perhaps\n=h:deny,X="y\n9.9-x:deny\n',
    );
    expect(errors).toEqual([
      { line: 3, column: 21, message: 'Only a comma and a variable may follow here.' },
      { line: 4, column: 4, message: 'After the colon comes “allow” or “deny”.' },
      { line: 5, column: 11, message: 'The value is not closed: " is missing at its end.' },
      { line: 6, column: 1, message: 'A range is written with two numbers, like 192.0.2.1-20.' },
    ]);
  });
});

test('a compiled file becomes text again that compiles to the same records', () => {
  const text = VECTORS.map(([line]) => line).join('\n');
  const { cdb } = compile(`${text}\n9.9.9.9:allow,A=/"'|/,B="x=y"\n`);
  const back = cdbToRules(cdb ?? Buffer.alloc(0));
  expect(back).toContain(`9.9.9.9:allow,A=/"'|/,B="x=y"\n`);
  const literal = (key: string) => key !== '2.2.1-2.' && key !== '2.3.1-2.';
  const recordsOf = (file: Buffer | null) => readCdb(file ?? Buffer.alloc(0)).map(({ key, data }) => `${key} ${data}`);
  expect(back).toContain('# left out: "2.2.1-2."\n');
  expect(recordsOf(compile(back).cdb)).toEqual(
    recordsOf(cdb).filter((record) => literal(record.slice(0, record.indexOf(' ')))),
  );
  expect(() => cdbToRules(Buffer.from('no cdb'))).toThrow(RangeError);
});

describe.runIf(has('tcprules'))("the real tcprules' files", () => {
  test.each([...VECTORS.map(([line]) => line), ...REFUSED])('%s', (line) => {
    const real = runTcprules(line);
    expect(compile(line)).toEqual(real);
    expect(compile(`${line}\n`)).toEqual(runTcprules(`${line}\n`));
  });

  test('of any text are the same as ours, byte for byte', () => {
    const address = fc.oneof(
      fc.constantFrom(
        '1.2.3.4',
        '1.2.',
        '=',
        '=h.example',
        '=.example',
        '',
        'u@1.2.3.4',
        '10.1-4.',
        '1.2.3.200-300',
        '7-5',
      ),
      fc.string({ unit: fc.constantFrom(...'0123459.-=@ é[]'), maxLength: 12 }),
    );
    const variable = fc.oneof(
      fc.constantFrom('RELAYCLIENT=""', 'RBLSMTPD="-no"', 'A=/x y/', 'B=xyzx', 'é=éaé'),
      fc.string({ unit: fc.constantFrom(...'AB="/, é'), maxLength: 8 }),
    );
    const rule = fc
      .tuple(address, fc.constantFrom('allow', 'deny', 'allo'), fc.array(variable, { maxLength: 3 }))
      .map(([who, verdict, variables]) => `${who}:${[verdict, ...variables].join(',')}`);
    const noise = fc.constantFrom('', '# a comment: yes', 'no colon', '\t', ' #1:allow', '1:deny \t');
    const text = fc
      .array(fc.oneof({ weight: 4, arbitrary: rule }, noise), { maxLength: 6 })
      .map((lines) => lines.join('\n'));
    fc.assert(
      fc.property(text, (rules) => {
        expect(compile(rules)).toEqual(runTcprules(rules));
      }),
      { numRuns: 400 },
    );
  });
});

describe.runIf(has('cdb'))('tinycdb', () => {
  const text = `${VECTORS.map(([line]) => line).join('\n')}\n192.0.2.0/23:deny\n2001:db8::/32:deny\n`;
  const path = join(folder, 'ours.cdb');
  const cdb = compile(text).cdb ?? Buffer.alloc(0);
  beforeAll(() => writeFileSync(path, cdb));

  test('dumps and queries a compiled file', () => {
    const dump = spawnSync('cdb', ['-d', path], { encoding: 'latin1' });
    expect(dump.status).toBe(0);
    expect(dump.stdout).toBe(
      `${readCdb(cdb)
        .map(({ key, data }) => `+${key.length},${data.length}:${key}->${data}\n`)
        .join('')}\n`,
    );
    const query = (key: string) => spawnSync('cdb', ['-q', path, key], { encoding: 'latin1' });
    expect(query('1.2.3.38').stdout).toBe('D\0');
    expect(query('192.0.3.').stdout).toBe('D\0');
    expect(query('').stdout).toBe('+FOO=a,b\0');
    expect(query('4.4.4.4').status).toBe(100);
  });

  test('makes the same file of the same records', () => {
    const dump = spawnSync('cdb', ['-d', path]).stdout;
    const made = join(folder, 'theirs.cdb');
    expect(spawnSync('cdb', ['-c', made], { input: dump }).status).toBe(0);
    expect(readFileSync(made).equals(cdb)).toBe(true);
  });
});
