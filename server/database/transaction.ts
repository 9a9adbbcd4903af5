import type { Database, PrismaClient } from './prisma.ts';

/** Waiting for a connection, and for locks that other writes hold, takes longer than Prisma's defaults on a busy machine. */
const OPTIONS = { maxWait: 15_000, timeout: 30_000 };

function isClient(db: Database): db is PrismaClient {
  return '$transaction' in db;
}

/** Runs `task` in one transaction: the one under way where `db` is one. */
export function inTransaction<Result>(db: Database, task: (tx: Database) => Promise<Result>): Promise<Result> {
  return isClient(db) ? db.$transaction(task, OPTIONS) : task(db);
}
