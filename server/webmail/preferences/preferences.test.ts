import { expect, test } from 'vitest';
import { parsePreferences } from './preferences.ts';

test('what is stored wrongly falls back, the rest stays', () => {
  const read = parsePreferences({ density: 'huge', undoSendSeconds: 10, displayName: 'a\0b', other: 1 });
  expect(read).toMatchObject({ density: 'comfortable', undoSendSeconds: 10, displayName: '' });
  expect(parsePreferences(null).remoteImages).toBe('ask');
});
