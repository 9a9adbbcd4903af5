import type { Database, PrismaClient } from './prisma.ts';

/** Waiting for a connection, and for locks that other writes hold, takes longer than Prisma's defaults on a busy machine. */
const OPTIONS = { maxWait: 15_000, timeout: 30_000 };

function canBegin(db: Database): db is PrismaClient {
  return '$transaction' in db;
}

/** Runs `task` in a transaction of its own; where `db` is a transaction already, as a part of it that fails as a whole. */
export function inTransaction<Result>(db: Database, task: (tx: Database) => Promise<Result>): Promise<Result> {
  // A fresh object each time: Prisma notes in it which transaction a nested one belongs to.
  return canBegin(db) ? db.$transaction(task, { ...OPTIONS }) : task(db);
}
