import { notFound } from '../../actor/errors.ts';
import { defineOperation } from '../../operation.ts';
import { sanitiseHtml } from '../html/sanitise.ts';
import { type Preferences, parsePreferences, preferenceChanges } from './preferences.ts';
import { requireOwnAccount } from './require-own-account.ts';

/** Changes the given preferences of the caller's own mailbox; answers all of them. */
export const updatePreferences = defineOperation({
  name: 'webmail.updatePreferences',
  allow: ['mailbox-owner'],
  input: preferenceChanges,
  kind: 'write',
  run: async ({ db, actor }, input): Promise<Preferences> => {
    const id = requireOwnAccount(actor);
    const account = await db.account.findUnique({ where: { id }, select: { preferences: true } });
    if (!account) throw notFound('mailbox');
    const { signature } = input;
    const clean =
      signature === undefined
        ? {}
        : { signature: sanitiseHtml(signature, { remoteImages: true, resolveCid: () => undefined })?.html ?? '' };
    const stored = typeof account.preferences === 'object' && account.preferences !== null ? account.preferences : {};
    const next = { ...stored, ...input, ...clean };
    await db.account.update({ where: { id }, data: { preferences: next } });
    return parsePreferences(next);
  },
});
