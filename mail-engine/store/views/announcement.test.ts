import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeAnnouncement, encodeAnnouncement } from './announcement.ts';

const id = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const changed = fc.array(fc.tuple(id, fc.array(id, { minLength: 1, maxLength: 40 })), { minLength: 1, maxLength: 60 });

test('what is announced is what is understood, or "look" where it does not fit', () => {
  fc.assert(
    fc.property(changed, (entries) => {
      const what = new Map(entries.map(([account, folders]) => [account, new Set(folders)]));
      const payload = encodeAnnouncement('node-1', what);
      expect(Buffer.byteLength(payload)).toBeLessThan(8000);
      const heard = decodeAnnouncement(payload);
      expect(heard.node).toBe('node-1');
      if (heard.what === 'look') expect(entries.flat(2).length).toBeGreaterThan(500);
      else expect(heard.what).toEqual(what);
    }),
  );
});

test('anything else means "look"', () => {
  for (const text of ['', 'x', 'node 1', 'node look', 'node 1:2 <script>']) {
    const { what } = decodeAnnouncement(text);
    expect(what === 'look' || (what instanceof Map && what.size === 0)).toBe(true);
  }
  expect(decodeAnnouncement('node hello')).toEqual({ node: 'node', what: 'hello' });
});
