import { expect, test } from 'vitest';
import type { Store } from '#engine/store/types.ts';
import { Maildrop } from './maildrop.ts';

function openMaildrop(sizes: readonly number[]): Promise<Maildrop> {
  const store: Pick<Store, 'findFolder' | 'readSizes'> = {
    findFolder: async (accountId) => ({
      id: 1,
      accountId,
      name: 'INBOX',
      uidValidity: 1,
      uidNext: 100,
      highestModseq: 1,
      specialUse: null,
      subscribed: true,
      exists: sizes.length,
      unseen: 0,
      sizeBytes: 0,
    }),
    readSizes: async () => sizes.map((size, at) => ({ uid: at + 1, size })),
  };
  return Maildrop.open(store as Store, 1);
}

test('STAT counts what is not marked, without going through the messages', async () => {
  const maildrop = await openMaildrop([10, 200, 3000]);
  expect(maildrop.stat()).toEqual({ count: 3, bytes: 3210 });
  maildrop.list = () => {
    throw new Error('gone through');
  };
  for (const number of [2, 2, 9]) maildrop.markDeleted(number);
  expect(maildrop.stat()).toEqual({ count: 2, bytes: 3010 });
  maildrop.unmarkAll();
  expect(maildrop.stat()).toEqual({ count: 3, bytes: 3210 });
});
