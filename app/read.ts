/** How pages ask: the operation as the person who is signed in, with refusals turned into the page that says so. */
import { forbidden, notFound } from 'next/navigation';
import type { z } from 'zod';
import { OperationError } from '#server/actor/errors.ts';
import type { Operation } from '#server/operation.ts';
import { operationContext, requireActor } from './session.ts';

export async function read<Name extends string, Schema extends z.ZodType, Result>(
  operation: Operation<Name, Schema, Result>,
  input: z.input<Schema>,
): Promise<Result> {
  const context = await operationContext(await requireActor());
  try {
    return await operation(context, input);
  } catch (error) {
    if (error instanceof OperationError) {
      if (error.code === 'forbidden') forbidden();
      if (error.code === 'not-found' || error.code === 'invalid') notFound();
    }
    throw error;
  }
}
