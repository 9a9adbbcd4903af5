/**
 * One PostgreSQL for a whole test run, in a temporary folder, with a migrated template database that each test file clones.
 * `fsync` stays as PostgreSQL has it: the store's tests are about what is on disk.
 */
import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { startCluster } from '../embedded/cluster.ts';
import { migrate } from '../migrate.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the test cluster's `postgres` database. */
    clusterUrl: string;
  }
}

const TEMPLATE = 'mailstead_template';
/** uid and gid of `nobody`, which owns the test cluster when the tests run as root. */
const NOBODY = { uid: 65534, gid: 65534 };

async function findFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Starts a throw-away cluster with the migrated template in it. */
export async function startTestCluster(): Promise<{ url: string; stop: () => Promise<void> }> {
  const root = await mkdtemp(join(tmpdir(), 'mailstead-test-'));
  const runAs = process.getuid?.() === 0 ? NOBODY : undefined;
  if (runAs) await chown(root, runAs.uid, runAs.gid);
  const cluster = await startCluster({
    dir: join(root, 'data'),
    port: await findFreePort(),
    password: randomBytes(12).toString('hex'),
    ...(runAs && { runAs }),
    settings: { max_connections: '300', shared_buffers: '256MB' },
  });
  const client = new Client({ connectionString: cluster.url() });
  await client.connect();
  await client.query(`CREATE DATABASE ${TEMPLATE}`);
  await client.end();
  await migrate(cluster.url(TEMPLATE));
  return {
    url: cluster.url(),
    stop: async () => {
      await cluster.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

/** Named in vitest.config.ts. @public */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startTestCluster();
  project.provide('clusterUrl', cluster.url);
  return cluster.stop;
}
