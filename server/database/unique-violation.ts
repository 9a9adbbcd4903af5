import { OperationError } from '../actor/errors.ts';
import { Prisma } from './prisma.ts';

/** True where a unique index refused the statement, whether Prisma wrote it (P2002) or we did (P2010 with SQLSTATE 23505). */
function isUniqueViolation(error: unknown): boolean {
  if (!(error instanceof Prisma.PrismaClientKnownRequestError)) return false;
  if (error.code === 'P2002') return true;
  return error.code === 'P2010' && JSON.stringify(error.meta ?? {}).includes('23505');
}

/** Awaits `statement`; a unique violation becomes a `conflict` on `field` with `message`. The transaction is lost either way. */
export async function refuseDuplicates<Result>(
  statement: PromiseLike<Result>,
  field: string,
  message: string,
): Promise<Result> {
  try {
    return await statement;
  } catch (error) {
    if (isUniqueViolation(error)) throw new OperationError('conflict', message, { [field]: message });
    throw error;
  }
}
