import { z } from 'zod';
import { idInput } from '../input/id.ts';
import { type Context, defineOperation } from '../operation.ts';
import { readSettings } from '../settings/resolve-settings.ts';
import {
  defaultLimits,
  effectiveLimits,
  MEASURES,
  type Measure,
  type OwnSendLimits,
  SCOPES,
  type SendLimits,
  type SendScope,
} from './measures.ts';
import { governs, readCap, readOwnLimits, requireScope } from './require-scope.ts';
import { advance, noUsage, parseUsage, sumOf } from './usage.ts';

export interface SendLimitsView {
  name: string;
  /** Null takes the default, 0 is no limit. */
  own: OwnSendLimits;
  defaults: SendLimits;
  effective: SendLimits;
  /** What the actor may set at most; 0 is anything. */
  cap: SendLimits;
  mayChange: boolean;
  /** What counts now. */
  used: Readonly<Record<Measure, number>>;
}

async function readUsed({ db, now }: Context, scope: SendScope, id: bigint): Promise<SendLimitsView['used']> {
  const row = await db.sendUsage.findUnique({ where: { scope_scopeId: { scope, scopeId: id } } });
  const usage = advance(row ? parseUsage(row.countedAt, row.buckets) : noUsage(now()), now());
  return Object.fromEntries(MEASURES.map((measure) => [measure, sumOf(usage, measure)])) as never;
}

export async function readSendLimits(context: Context, scope: SendScope, id: bigint): Promise<SendLimitsView> {
  const chain = await requireScope(context, scope, id);
  const own = await readOwnLimits(context.db, scope, id);
  const defaults = defaultLimits(await readSettings(context.db))[scope];
  return {
    name: chain.name,
    own,
    defaults,
    effective: effectiveLimits(own, defaults),
    cap: await readCap(context, chain),
    mayChange: governs(context.actor, scope),
    used: await readUsed(context, scope, id),
  };
}

export const scopeInput = z.enum(SCOPES);

/** The send limits of a mailbox, a domain or a reseller (id of the operator), and how much of them is used. */
export const getSendLimits = defineOperation({
  name: 'sendLimits.get',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'read',
  input: z.object({ scope: scopeInput, id: idInput }),
  run: (context, { scope, id }) => readSendLimits(context, scope, id),
});
