/**
 * The one way to the domain: an operation parses its input, authorises its actor, acts, and leaves an audit event.
 * The panel, the command line and the engine call the same operations; `server/operations.ts` lists them all, and a test
 * walks role × operation over that list.
 */
import type { z } from 'zod';
import type { Actor, ActorKind } from './actor/actor.ts';
import { OperationError } from './actor/errors.ts';
import { recordAudit } from './audit/record-audit.ts';
import type { Database } from './database/prisma.ts';
import { inTransaction } from './database/transaction.ts';

export interface Context {
  /** The client; inside a write, the transaction that the whole operation and its audit event are. */
  db: Database;
  actor: Actor;
  now: () => Date;
  /** Address of the browser, where there is one; goes into the audit event. */
  ip?: string;
  /** The installation's, where the process has it: for what is kept encrypted. */
  secret?: string;
}

export interface OperationDefinition<Name extends string, Schema extends z.ZodType, Result> {
  /** `area.verbPhrase`, e.g. `domains.create`. */
  name: Name;
  /** Kinds of actor that may ever call it; what they may touch is for `run` to check (`scopes`). `system` is always allowed. */
  allow: readonly ActorKind[];
  input: Schema;
  /** Reads leave no audit event. A write is one transaction with its audit event: what throws has changed nothing. */
  kind: 'read' | 'write';
  /** What the audit event names as its target; must not hold a secret. Stands after `run`, whose result types it. */
  target?: (input: z.output<Schema>, result: Result) => string;
  /** Goes before the transaction of a write, for what has to stay even when the write is refused (counting failures). */
  check?: (context: Context, input: z.output<Schema>) => Promise<void>;
  run: (context: Context, input: z.output<Schema>) => Promise<Result>;
}

export interface Operation<Name extends string, Schema extends z.ZodType, Result> {
  (context: Context, input: z.input<Schema>): Promise<Result>;
  definition: OperationDefinition<Name, Schema, Result>;
}

function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const fields: Record<string, string> = {};
  for (const issue of parsed.error.issues) fields[issue.path.join('.')] ??= issue.message;
  throw new OperationError('invalid', parsed.error.issues[0]?.message ?? 'The input is not valid.', fields);
}

export function defineOperation<Name extends string, Schema extends z.ZodType, Result>(
  definition: OperationDefinition<Name, Schema, Result>,
): Operation<Name, Schema, Result> {
  const call = async (context: Context, input: z.input<Schema>): Promise<Result> => {
    const { actor } = context;
    if (actor.kind !== 'system' && !definition.allow.includes(actor.kind)) {
      throw new OperationError('forbidden', 'You are not allowed to do this.');
    }
    const parsed = parseInput(definition.input, input);
    if (definition.kind === 'read') return definition.run(context, parsed);
    await definition.check?.(context, parsed);
    return inTransaction(context.db, async (db) => {
      const result = await definition.run({ ...context, db }, parsed);
      const target = definition.target?.(parsed, result);
      await recordAudit(db, { actor, at: context.now(), operation: definition.name, target, ip: context.ip });
      return result;
    });
  };
  return Object.assign(call, { definition });
}
