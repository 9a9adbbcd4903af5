import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

const TEMPLATE = 'mailstead_template';

async function runOn(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export interface TestDatabase {
  url: string;
  drop: () => Promise<void>;
}

/** A fresh migrated database for one test file: a clone of the template (tens of milliseconds). `clusterUrl` comes from vitest's `inject`. */
export async function cloneDatabase(clusterUrl: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await runOn(clusterUrl, `CREATE DATABASE ${name} TEMPLATE ${TEMPLATE} STRATEGY FILE_COPY`);
  const url = new URL(clusterUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runOn(clusterUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}
