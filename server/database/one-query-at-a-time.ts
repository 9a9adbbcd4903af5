/**
 * A transaction is one connection, and a connection runs one query at a time. Prisma reads the relations of a row side by side within a
 * transaction too, and leaves it to the driver to make them wait, which the driver will refuse from pg 9 on. Here they wait before it.
 */
import { PrismaPg } from '@prisma/adapter-pg';

type Adapter = Awaited<ReturnType<PrismaPg['connect']>>;
type Transaction = Awaited<ReturnType<Adapter['startTransaction']>>;

/** Queries in the order in which they were asked for, each when the one before it has been answered or has failed. */
function oneAtATime(transaction: Transaction): Transaction {
  let before: Promise<unknown> = Promise.resolve();
  const inTurn =
    <Query, Result>(run: (query: Query) => Promise<Result>) =>
    (query: Query): Promise<Result> => {
      const answer = before.then(() => run(query));
      before = answer.catch(() => undefined); // told to whoever asked
      return answer;
    };
  return Object.assign(transaction, {
    queryRaw: inTurn(transaction.queryRaw.bind(transaction)),
    executeRaw: inTurn(transaction.executeRaw.bind(transaction)),
  });
}

/** Prisma's adapter, never with two queries on one connection. */
export class OneQueryAtATime extends PrismaPg {
  override async connect(): Promise<Adapter> {
    const adapter = await super.connect();
    const start = adapter.startTransaction.bind(adapter);
    return Object.assign(adapter, {
      startTransaction: async (...given: Parameters<typeof start>) => oneAtATime(await start(...given)),
    });
  }
}
