import { describe, expect, it } from 'vitest';
import { readChoice, readListParams, withParams } from './list-params.ts';

const SORTS = { sorts: ['name', 'size'] } as const;

describe('readListParams', () => {
  it('reads what the URL says', async () => {
    const url = Promise.resolve({ q: ' ada ', sort: 'size', dir: 'desc', page: '3', size: '100' });
    expect(await readListParams(url, { sorts: ['name', 'size'] })).toEqual({
      search: 'ada',
      sort: 'size',
      direction: 'desc',
      page: 3,
      pageSize: 100,
    });
  });

  it.each([
    ['nothing', {}],
    ['nonsense', { q: '', sort: 'password', dir: 'up', page: '-1', size: '9999' }],
    ['a fraction', { page: '1.5' }],
    ['a huge page', { page: '1e99' }],
    ['an empty repeated parameter', { sort: [], page: [] }],
  ])('falls back on the defaults for %s', async (_, url) => {
    const read = await readListParams(Promise.resolve(url), { sorts: [...SORTS.sorts] });
    expect(read).toEqual({ search: '', sort: 'name', direction: 'asc', page: 1, pageSize: 25 });
  });

  it('cuts a search that is too long to be one', async () => {
    const { search } = await readListParams(Promise.resolve({ q: 'x'.repeat(10_000) }), { sorts: ['name'] });
    expect(search).toHaveLength(200);
  });
});

describe('readChoice', () => {
  it('takes only what is offered', async () => {
    const url = Promise.resolve({ state: 'held', other: '__proto__' });
    expect(await readChoice(url, 'state', ['held', 'waiting'])).toBe('held');
    expect(await readChoice(url, 'other', ['held'])).toBeUndefined();
  });
});

describe('withParams', () => {
  it('goes to the first page when anything but the page changes', () => {
    expect(withParams({ q: 'ada', page: '4' }, { sort: 'name' })).toBe('?q=ada&sort=name');
    expect(withParams({ q: 'ada', page: '4' }, { page: '5' })).toBe('?q=ada&page=5');
  });

  it('takes a parameter out', () => {
    expect(withParams({ q: 'ada', new: '1' }, { new: undefined })).toBe('?q=ada');
  });

  it('escapes what people type', () => {
    expect(withParams({}, { q: 'a&b=c#d' })).toBe('?q=a%26b%3Dc%23d');
  });
});
