import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GATHER_CHARACTERS, GATHER_MS, LogGatherer } from './log-gatherer.ts';

/** What the destinations were told, in order. */
let told: string[];
let gatherer: LogGatherer;

beforeEach(() => {
  vi.useFakeTimers();
  told = [];
  const destination = {
    write: (text: string) => told.push(text),
    flush: (done?: () => void) => {
      told.push('(flush)');
      done?.();
    },
    flushSync: () => void told.push('(flushSync)'),
  };
  gatherer = new LogGatherer(destination, { write: (text: string) => told.push(`blocking ${text}`) });
});
afterEach(() => void vi.useRealTimers());

it('lines are handed over together, GATHER_MS after the first of them', () => {
  gatherer.write('a\n');
  vi.advanceTimersByTime(GATHER_MS - 1);
  gatherer.write('b\n');
  expect(told).toEqual([]);
  vi.advanceTimersByTime(1);
  expect(told).toEqual(['a\nb\n']);
});

it('a line after a pause waits for GATHER_MS again, and nothing runs in the pause', () => {
  gatherer.write('a\n');
  vi.advanceTimersByTime(GATHER_MS);
  expect(vi.getTimerCount()).toBe(0);
  gatherer.write('b\n');
  vi.advanceTimersByTime(GATHER_MS);
  expect(told).toEqual(['a\n', 'b\n']);
});

it('GATHER_CHARACTERS are not kept waiting', () => {
  const half = `${'x'.repeat(GATHER_CHARACTERS / 2 - 1)}\n`;
  gatherer.write(half);
  expect(told).toEqual([]);
  gatherer.write(half);
  expect(told).toEqual([half + half]);
});

it('however many lines there are, there is one timer', () => {
  for (let i = 0; i < 10_000; i++) gatherer.write(`line ${i}\n`);
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(GATHER_MS);
  expect(told.join('')).toBe(Array.from({ length: 10_000 }, (_, i) => `line ${i}\n`).join(''));
});

it('flush hands over what is gathered before it asks whether all is written', () => {
  const done = vi.fn();
  gatherer.write('a\n');
  gatherer.flush(done);
  expect(told).toEqual(['a\n', '(flush)']);
  expect(done).toHaveBeenCalledOnce();
});

it('at the end what was handed over goes first, then what is gathered, once', () => {
  gatherer.write('a\n');
  gatherer.flushSync();
  expect(told).toEqual(['(flushSync)', 'blocking a\n']);
  vi.advanceTimersByTime(GATHER_MS);
  expect(told).toHaveLength(2);
});
