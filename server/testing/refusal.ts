import { OperationError } from '../actor/errors.ts';

/** The code an operation refused with, or `done`; anything but a refusal is thrown on. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return 'done';
  } catch (error) {
    if (error instanceof OperationError) return error.code;
    throw error;
  }
}
