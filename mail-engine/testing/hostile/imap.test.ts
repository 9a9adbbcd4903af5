import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import type { LineClient } from '#engine/net/testing/line-client.ts';
import {
  type AttackedEngine,
  mebibytes,
  openImap,
  PASSWORD,
  requireServing,
  SECRET,
  startAttackedEngine,
  tagged,
  taggedLines,
} from './attacked-engine.ts';

let engine: AttackedEngine;
/** Signed in; a test that breaks it opens one of its own. */
let owner: LineClient;

beforeAll(async () => {
  engine = await startAttackedEngine(inject('clusterUrl'));
  owner = await openImap(engine);
  const letter = `Subject: ${SECRET}\r\n\r\n${SECRET}\r\n`;
  expect(await tagged(owner, `a APPEND INBOX {${letter.length}+}\r\n${letter}`)).toMatch(/^a OK/);
});
afterEach(async () => expect(await tagged(owner, 'n NOOP')).toBe('n OK NOOP completed'));
afterAll(async () => {
  owner.cut();
  await requireServing(engine);
  await engine.end();
});

/** What a stranger is told before the session is over or goes on. */
async function answerToStranger(bytes: string | Buffer): Promise<string | undefined> {
  const client = await openImap(engine, null);
  client.send(bytes);
  const line = await client.line();
  client.cut();
  return line;
}

describe('before signing in', () => {
  test.each([
    ['a bare LF', 'a NOOP\n', 'a BAD Lines end with CRLF'],
    ['NUL', 'a NO\0OP\r\n', 'a BAD'],
    ['no tag', '\r\n', '\\* BAD'],
    ['a tag that is none', '((( NOOP\r\n', '\\* BAD'],
    ['a command that is none', 'a XPLOIT\r\n', 'a BAD Unknown command'],
    ['a command of a later state', 'a SELECT INBOX\r\n', 'a BAD'],
    ['a line of a megabyte', `a LOGIN ${'x'.repeat(mebibytes(1))}\r\n`, '\\* BYE The line is too long'],
    ['a literal beyond the limit', 'a LOGIN {1000000}\r\n', 'a BAD \\[TOOBIG\\]'],
    ['a literal without end', 'a LOGIN {99999999999999999999}\r\n', 'a BAD \\[TOOBIG\\]'],
    ['a literal not waited for', 'a LOGIN {9999999+}\r\nx', '\\* BYE'],
    ['a literal of another kind', 'a LOGIN ~{3}\r\n', 'a BAD'],
    ['half of base64', 'a AUTHENTICATE PLAIN QQ\r\n', 'a BAD'],
    ['a mechanism that is none', 'a AUTHENTICATE XPLOIT\r\n', 'a NO'],
    ['a forged token', `a AUTHENTICATE OAUTHBEARER ${forgedBearer('none')}\r\n*\r\n`, '\\+ '],
  ])('%s', async (_name, bytes, expected) => {
    expect(await answerToStranger(bytes)).toMatch(new RegExp(`^${expected}`));
  });

  test('a token without signature, or signed with a key of its own, opens nothing', async () => {
    for (const algorithm of ['none', 'HS256']) {
      const client = await openImap(engine, null);
      client.send(`a AUTHENTICATE OAUTHBEARER ${forgedBearer(algorithm)}\r\nAQ==\r\n`);
      expect(await client.line()).toMatch(/^\+ /);
      expect(await client.line()).toBe('a NO [AUTHENTICATIONFAILED] The address or password is wrong');
      client.cut();
    }
  });

  test('LOGIN without end: cut off, and the guessed account is blocked before its password is looked at', async () => {
    const client = await openImap(engine, null);
    client.send(`a LOGIN ${engine.other} wrong-guess\r\n`.repeat(50));
    const said = await client.rest();
    expect(said.match(/AUTHENTICATIONFAILED/g)?.length).toBeLessThanOrEqual(5);
    expect(said).toContain('* BYE Too many failed logins');
    const next = await openImap(engine, null);
    expect(await tagged(next, `b LOGIN ${engine.other} "${PASSWORD}"`)).toMatch(/^b NO \[UNAVAILABLE\]/);
    next.cut();
  });

  test('names with control characters are wrong names, not faults', async () => {
    for (const name of ['a\0b', 'a\u0001@attacked.example', '\u0085', '\ufeff']) {
      const response = Buffer.from(name).toString('base64');
      const client = await openImap(engine, null);
      client.send(`a AUTHENTICATE LOGIN ${response}\r\n`);
      expect(await client.line()).toMatch(/^\+ /);
      client.send('eHl6\r\n');
      expect(await client.line()).toMatch(/^a NO \[(AUTHENTICATIONFAILED|UNAVAILABLE)\]/);
      client.cut();
    }
  });
});

/** A token for the first account there is, as its owner's webmail would send it, made by somebody without the key. */
function forgedBearer(algorithm: string): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: 'mailstead', aud: 'mail-engine', sub: '1', sid: crypto.randomUUID(), iat: now, exp: now + 300 };
  const signature = algorithm === 'none' ? '' : Buffer.alloc(32, 7).toString('base64url');
  const token = `${encode({ alg: algorithm, typ: 'JWT' })}.${encode(claims)}.${signature}`;
  return Buffer.from(`n,,\u0001auth=Bearer ${token}\u0001\u0001`).toString('base64');
}

describe('after signing in', () => {
  test.each([
    ['a search of 20,000 literals', `b SEARCH ${'TEXT {0+}\r\n '.repeat(20_000)}ALL`],
    ['a list of 30,000 literals', `b LIST "" (${'{0+}\r\n '.repeat(30_000)}x)`],
    ['a search 10,000 parentheses deep', `b SEARCH ${'('.repeat(10_000)}ALL${')'.repeat(10_000)}`],
    ['7,000 keys', `b SEARCH ${'OR SEEN '.repeat(7_000)}SEEN`],
    ['a number beyond all numbers', `b FETCH ${'9'.repeat(40)} FLAGS`],
    ['a section 10,000 deep', `b FETCH 1 BODY[${'1.'.repeat(10_000)}1]`],
    ['4,000 items', `b FETCH 1 (${'BODY.PEEK[] '.repeat(4_000)}FLAGS)`],
    ['5,000 flags', `b STORE 1 +FLAGS (${Array.from({ length: 5_000 }, (_, index) => `k${index}`).join(' ')})`],
    ['a keyword of 10,000 characters', `b STORE 1 +FLAGS (${'k'.repeat(10_000)})`],
    ['a folder of 10,000 levels', `b CREATE "${'a/'.repeat(10_000)}a"`],
    ['a folder with a line break', 'b CREATE {5+}\r\na\r\nb '],
    ['a folder named NUL, in UTF-7', 'b CREATE "a&AAA-b"'],
    ['a folder named half a character', 'b CREATE "&2D0-"'],
  ])('%s', async (_name, command) => {
    await tagged(owner, 's SELECT INBOX');
    expect(await tagged(owner, command)).toMatch(/^b (NO|BAD) (?!\[SERVERBUG\])/);
  });

  test('patterns made of wildcards cost no more than others', async () => {
    expect(await tagged(owner, `b LIST "" "${'*%'.repeat(450)}x"`)).toBe('b OK LIST completed');
    expect(await tagged(owner, `b LSUB "" "${'%*a'.repeat(300)}"`)).toBe('b OK LSUB completed');
  });

  test('a message that is never sent to its end leaves nothing', async () => {
    const client = await openImap(engine);
    client.send('b APPEND INBOX {50000000}\r\n');
    expect(await client.line()).toMatch(/^\+ /);
    client.send(Buffer.alloc(mebibytes(5), 'x'));
    client.cut();
    expect(await taggedLines(owner, 'c STATUS INBOX (MESSAGES)')).toContain('* STATUS INBOX (MESSAGES 1)');
  });

  test('keywords without end', async () => {
    await tagged(owner, 's SELECT INBOX');
    for (let round = 0; round < 40; round += 1) {
      const names = Array.from({ length: 64 }, (_, index) => `flood-${round}-${index}`).join(' ');
      expect(await tagged(owner, `b STORE 1 +FLAGS.SILENT (${names})`)).toMatch(/^b (OK|NO)/);
    }
    const [line = ''] = (await taggedLines(owner, 'c SELECT INBOX')).filter((text) => text.startsWith('* FLAGS'));
    expect(line.split(' ').length).toBeLessThan(1_000);
  });
});
