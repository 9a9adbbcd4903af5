/**
 * One round trip on a connection of the driver's: prepared statements, bound and run one after the other, one Sync behind them, all in one
 * write. Where the connection is in no transaction they are one transaction, committed by the Sync: when `run` resolves it is on disk.
 *
 * The driver still connects, signs in, reads answers and notices that a connection is lost; what it would do per parameter and row is done here.
 */
import { type Connection, DatabaseError, type PoolClient, type Submittable } from 'pg';
import { ParameterWriter } from './parameter-writer.ts';

export interface Step {
  statement: { name: string; text: string };
  /** How many parameters `bind` writes. */
  parameters: number;
  bind: (to: ParameterWriter) => void;
}

/** Fields as PostgreSQL spells them, null where they are. */
export type Row = readonly (string | null)[];

/**
 * A connection that owes an answer and gave none for so long leads nowhere, and is closed: a server that vanished says nothing, and TCP takes a
 * quarter of an hour to find out. No disk is as slow, and a batch that waits for accounts gives up long before (`lock_timeout`).
 */
export const ANSWER_MS = 60_000;
const IDLE_WRITERS = 4;
const IDLE_WRITER_BYTES = 4 * 1024 * 1024;
const NO_PARAMETERS = () => undefined;

/** A statement without parameters. */
export function step(name: string, text: string): Step {
  return { statement: { name, text }, parameters: 0, bind: NO_PARAMETERS };
}

/**
 * Classes of SQLSTATE in which PostgreSQL speaks of a statement. In the others (connection, resources, operator, system, internal) it may as well
 * speak of a session or a server that ends, perhaps in the middle of a commit. The severity, which would tell, comes in the server's language.
 */
const OF_STATEMENTS = /^(?:0A|2[1-3]|40|42|44|54|55|57014|P0)/;

/** True where PostgreSQL itself said that the statement failed, so that its transaction is certainly not committed. */
export function isRefusal(error: unknown): boolean {
  return error instanceof DatabaseError && OF_STATEMENTS.test(error.code ?? '');
}

interface Driver extends Connection {
  stream: Connection['stream'] & { cork(): void; uncork(): void };
}

interface Sent {
  writer: ParameterWriter;
  unknownNames: readonly string[];
}

/** What the driver calls while the answers come in. */
class RoundTrip implements Submittable {
  readonly #sent: Sent;
  readonly #rows: Row[][] = [];
  #current: Row[] = [];
  /** Where it was written to; undefined where it was not yet. */
  #connection: Connection | undefined;
  readonly #settled = Promise.withResolvers<Row[][]>();

  constructor(sent: Sent) {
    this.#sent = sent;
  }

  get answer(): Promise<Row[][]> {
    return this.#settled.promise;
  }

  /** Called by the driver when it is this trip's turn to be answered. */
  submit(connection: Connection): void {
    if (this.#connection) return;
    this.#connection = connection;
    const { stream } = connection as Driver;
    stream.cork();
    for (const piece of this.#sent.writer.pieces()) stream.write(piece);
    stream.uncork();
  }

  /** Sends it behind `before`, if that has been sent; else the driver does, when it is its turn. */
  follow(before: RoundTrip): void {
    if (before.#connection) this.submit(before.#connection);
  }

  handleDataRow({ fields }: { fields: Row }): void {
    this.#current.push(fields);
  }

  handleCommandComplete(): void {
    this.#rows.push(this.#current);
    this.#current = [];
  }

  handleReadyForQuery(): void {
    this.#settled.resolve(this.#rows);
  }

  handleError(error: Error): void {
    this.#settled.reject(error);
  }
}

/** What is known of a connection. */
interface Known {
  /** Of prepared statements. */
  names: Set<string>;
  /** What waits for its answer, begun last. */
  last: RoundTrip | undefined;
  /** Armed anew whenever something is sent or answered. */
  deadline: NodeJS.Timeout;
}

export interface Exchanger {
  /**
   * The rows of each step. Rejects with the first step's failure: nothing after it was run. Of two at a time on one connection the
   * second is sent without waiting for the first's answer: only for those that are transactions of their own, and where nobody else uses the connection.
   * Without an answer in time the connection is closed.
   */
  run(client: PoolClient, steps: readonly Step[]): Promise<Row[][]>;
}

export function createExchanger(answerMs = ANSWER_MS): Exchanger {
  const met = new WeakMap<PoolClient, Known>();
  const idle: ParameterWriter[] = [];

  function meet(client: PoolClient): Known {
    const known = met.get(client);
    if (known) return known;
    const deadline = setTimeout(() => {
      if (met.get(client)?.last)
        (client.connection as Driver).stream.destroy(new Error('the database does not answer'));
    }, answerMs);
    const first: Known = { names: new Set(), last: undefined, deadline: deadline.unref() };
    met.set(client, first);
    return first;
  }

  function write(known: ReadonlySet<string>, steps: readonly Step[]): Sent {
    const writer = idle.pop() ?? new ParameterWriter();
    const unknownNames: string[] = [];
    for (const { statement, parameters, bind } of steps) {
      if (!known.has(statement.name)) {
        writer.parse(statement.name, statement.text);
        unknownNames.push(statement.name);
      }
      writer.run(statement.name, parameters, bind);
    }
    writer.sync();
    return { writer, unknownNames };
  }

  return {
    run: async (client, steps) => {
      const known = meet(client);
      const sent = write(known.names, steps);
      const trip = new RoundTrip(sent);
      if (known.last) trip.follow(known.last);
      known.last = trip;
      client.query(trip);
      known.deadline.refresh();
      const rows = await trip.answer.finally(() => {
        known.deadline.refresh();
        if (known.last === trip) known.last = undefined;
      });
      for (const name of sent.unknownNames) known.names.add(name);
      sent.writer.clear();
      if (idle.length < IDLE_WRITERS && sent.writer.capacity <= IDLE_WRITER_BYTES) idle.push(sent.writer);
      return rows;
    },
  };
}
