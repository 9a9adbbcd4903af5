import { z } from 'zod';

/** What can be said about a new password while it is typed; `server/auth/password-rules` has the last word. */
export const newPassword = z
  .string()
  .min(10, 'Use at least 10 characters: a few words in a row are good.')
  .max(256, 'Use at most 256 characters.');
