import { z } from 'zod';
import { OperationError } from '../actor/errors.ts';
import { type Context, defineOperation } from '../operation.ts';
import { type CurrentRules, readCurrentRules } from './current-rules.ts';
import { examineRules } from './examine-rules.ts';
import { rulesTextInput, serviceInput } from './inputs.ts';
import type { RuleRemark } from './rules/parse-rules.ts';
import type { AccessService } from './types.ts';

const KEPT_VERSIONS = 50;

const sayWhere = ({ line, column, message }: RuleRemark): string => `Line ${line}, column ${column}: ${message}`;

interface WantedRules {
  service: AccessService;
  text: string;
  /** The version that was edited (null: the rules that ship); left out where nobody looked at one. */
  basedOn?: string | null | undefined;
  force: boolean;
}

async function requireUnchanged({ db }: Context, { service, basedOn }: WantedRules): Promise<void> {
  // Two who save at once are put in a row.
  await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtext('access_rules'), hashtext(${service}))`;
  if (basedOn === undefined) return;
  const current = await readCurrentRules(db, service);
  if (current.version === basedOn) return;
  const by = current.saved?.by ?? 'Somebody';
  throw new OperationError('conflict', `${by} saved other rules meanwhile. Copy yours, reload, and put them in again.`);
}

/** Refuses what does not parse, and with `force` off what shuts out webmail or who saves it. Engines hear of it at once. */
export async function storeRules(context: Context, wanted: WantedRules): Promise<CurrentRules> {
  const { db, actor, now, ip } = context;
  const { service, text, force } = wanted;
  const { errors, lockouts } = await examineRules(db, service, text, ip);
  const [error] = errors;
  if (error) throw new OperationError('invalid', sayWhere(error), { text: sayWhere(error) });
  const [lockout] = lockouts;
  if (lockout && !force) throw new OperationError('conflict', `${sayWhere(lockout)} Save anyway only if you mean it.`);
  await requireUnchanged(context, wanted);
  await db.accessRules.create({ data: { service, text, savedAt: now(), savedBy: actor.label } });
  const old = { where: { service }, orderBy: { id: 'desc' }, skip: KEPT_VERSIONS, select: { id: true } } as const;
  const surplus = await db.accessRules.findMany(old);
  if (surplus.length > 0) await db.accessRules.deleteMany({ where: { id: { in: surplus.map(({ id }) => id) } } });
  return readCurrentRules(db, service);
}

const input = z.object({
  service: serviceInput,
  text: rulesTextInput,
  basedOn: z.string().nullable().optional(),
  force: z.boolean().default(false),
});

/** New rules for a service; those before them stay in its history. */
export const saveRules = defineOperation({
  name: 'accessRules.save',
  allow: ['admin'],
  kind: 'write',
  input,
  run: (context, wanted) => storeRules(context, wanted),
  target: ({ service }) => service,
});
