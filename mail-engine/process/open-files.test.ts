import { expect, test, vi } from 'vitest';
import { gateOf } from '#engine/net/testing/gate.ts';
import { logger } from '#server/logger.ts';
import { warnOfFewFiles } from './open-files.ts';

const limits = (files: string) => `Limit  Soft Limit  Hard Limit  Units
Max cpu time              unlimited            unlimited            seconds
Max open files            ${files}                20000                files
`;

test.each([
  ['1024', true],
  ['20000', false],
  ['unlimited', false],
])('%s open files for 1,000 connections: warned %s', (files, warned) => {
  const log = logger('test');
  const warn = vi.spyOn(log, 'warn').mockReturnValue(undefined);
  warnOfFewFiles([gateOf({ maxConnections: 600 }), gateOf({ maxConnections: 400 })], log, limits(files));
  expect(warn.mock.calls.length > 0).toBe(warned);
});
