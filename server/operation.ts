/**
 * The one way to the domain: an operation parses its input, authorises its actor, acts, and leaves an audit event.
 * The panel, the command line and the engine call the same operations; `server/operations.ts` lists them all, and a test
 * walks role × operation over that list.
 */
import type { z } from 'zod';
import type { Actor, ActorKind } from './actor/actor.ts';
import { OperationError } from './actor/errors.ts';
import type { Database, Prisma, PrismaClient } from './database/prisma.ts';

export interface Context {
  /** The client; inside a write, the transaction that the whole operation and its audit event are. */
  db: Database;
  actor: Actor;
  now: () => Date;
  /** Address of the browser, where there is one; goes into the audit event. */
  ip?: string;
}

export interface OperationDefinition<Name extends string, Schema extends z.ZodType, Result> {
  /** `area.verbPhrase`, e.g. `domains.create`. */
  name: Name;
  /** Kinds of actor that may ever call it; what they may touch is for `run` to check (`scopes`). `system` is always allowed. */
  allow: readonly ActorKind[];
  input: Schema;
  /** Reads leave no audit event. A write is one transaction with its audit event: what throws has changed nothing. */
  kind: 'read' | 'write';
  /** What the audit event names as its target; must not hold a secret. */
  target?: (input: z.output<Schema>, result: Result) => string;
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

/** Waiting for a connection, and for locks that other writes hold, takes longer than Prisma's defaults on a busy machine. */
const TRANSACTION = { maxWait: 15_000, timeout: 30_000 };

function isClient(db: Database): db is PrismaClient {
  return '$transaction' in db;
}

/** Runs `task` in one transaction: the one under way where there is one. */
function inTransaction<Result>(context: Context, task: (context: Context) => Promise<Result>): Promise<Result> {
  const { db } = context;
  return isClient(db) ? db.$transaction((tx) => task({ ...context, db: tx }), TRANSACTION) : task(context);
}

function actorId(actor: Actor): bigint | null {
  if (actor.kind === 'system') return null;
  return actor.kind === 'mailbox-owner' ? actor.accountId : actor.operatorId;
}

async function recordAudit(context: Context, operation: string, target: string | undefined): Promise<void> {
  const data: Prisma.AuditEventCreateInput = {
    at: context.now(),
    actorKind: context.actor.kind,
    actorId: actorId(context.actor),
    actorLabel: context.actor.label,
    operation,
    target: target ?? null,
    ip: context.ip ?? null,
  };
  await context.db.auditEvent.create({ data });
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
    return inTransaction(context, async (within) => {
      const result = await definition.run(within, parsed);
      await recordAudit(within, definition.name, definition.target?.(parsed, result));
      return result;
    });
  };
  return Object.assign(call, { definition });
}
