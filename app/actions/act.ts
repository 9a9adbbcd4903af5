/**
 * The one wrapper of the server actions: session → operation (which parses, authorises, acts and audits) → fresh page →
 * typed result. What was not foreseen becomes an id that is also in the log, never a stack.
 */
import { randomUUID } from 'node:crypto';
import { refresh } from 'next/cache';
import type { z } from 'zod';
import { OperationError } from '#server/actor/errors.ts';
import { logger } from '#server/logger.ts';
import type { Context, Operation } from '#server/operation.ts';
import { findActor, operationContext } from '@/session.ts';
import type { ActionResult } from './result.ts';

const log = logger('web');
const SIGNED_OUT = 'You are signed out: sign in again. Nothing was changed.';

/** Turns what `run` throws into a result. */
export async function toResult<Data>(name: string, run: () => Promise<Data>): Promise<ActionResult<Data>> {
  try {
    return { ok: true, data: await run() };
  } catch (error) {
    if (error instanceof OperationError) return { ok: false, message: error.message, fields: error.fields };
    const errorId = randomUUID();
    log.error({ err: error, errorId, action: name }, 'action failed');
    return { ok: false, message: 'Something went wrong on our side. Nothing was changed.', fields: {}, errorId };
  }
}

function runAs<Data>(name: string, run: (context: Context) => Promise<Data>): Promise<ActionResult<Data>> {
  return toResult(name, async () => {
    const actor = await findActor();
    if (!actor) throw new OperationError('unauthenticated', SIGNED_OUT);
    return run(await operationContext(actor));
  });
}

/** `run` as the person who is signed in; the page they look at is read anew when it succeeded. */
export async function actAs<Data>(name: string, run: (context: Context) => Promise<Data>): Promise<ActionResult<Data>> {
  const result = await runAs(name, run);
  if (result.ok) refresh();
  return result;
}

/** One operation with the input as it came: the operation's own schema is what checks it. */
export function act<Name extends string, Schema extends z.ZodType, Result>(
  operation: Operation<Name, Schema, Result>,
  input: z.input<Schema>,
): Promise<ActionResult<Result>> {
  return actAs(operation.definition.name, (context) => operation(context, input));
}

/** As `act`, of an operation that only answers: the page stays as it is. */
export function ask<Name extends string, Schema extends z.ZodType, Result>(
  operation: Operation<Name, Schema, Result>,
  input: z.input<Schema>,
): Promise<ActionResult<Result>> {
  return runAs(operation.definition.name, (context) => operation(context, input));
}
