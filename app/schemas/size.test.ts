import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quotaText, typedQuota } from './size.ts';

const MIB = 1024 ** 2;

describe('typedQuota', () => {
  it.each([
    ['500 MB', 500 * MIB],
    ['500MiB', 500 * MIB],
    ['2 gb', 2048 * MIB],
    ['1,5 GiB', 1536 * MIB],
    ['100 k', 100 * 1024],
    ['250', 250 * MIB],
    ['700 B', 700],
    ['', 0],
    ['0', 0],
    ['unlimited', 0],
  ])('reads %j', (typed, bytes) => {
    expect(typedQuota.parse(typed)).toBe(bytes);
  });

  it.each(['-1 GB', 'many', '1 GB 2', '1e9', '5 PB', '99999999 TB', 'NaN', '١ GB'])('refuses %j', (typed) => {
    expect(typedQuota.safeParse(typed).success).toBe(false);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (typed) => typeof typedQuota.safeParse(typed).success === 'boolean'));
  });
});

describe('quotaText', () => {
  it('is read back as the same number of bytes', () => {
    fc.assert(fc.property(fc.nat(2 ** 31 - 1), (bytes) => typedQuota.parse(quotaText(bytes)) === bytes));
    for (const bytes of [MIB, 1024 * MIB, 1536 * MIB, 2 ** 50]) expect(typedQuota.parse(quotaText(bytes))).toBe(bytes);
  });
});
