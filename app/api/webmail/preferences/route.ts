import { z } from 'zod';
import { preferenceChanges } from '#server/webmail/preferences/preferences.ts';
import { updatePreferences } from '#server/webmail/preferences/update-preferences.ts';
import { readRoute, writeRoute } from '../routes.ts';

export const GET = readRoute(z.object({}), async ({ account }) => account);

export const PATCH = writeRoute(preferenceChanges, ({ context }, changes) => updatePreferences(context, changes));
