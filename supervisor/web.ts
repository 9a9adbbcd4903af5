/**
 * The web process: Next.js's production server behind our own listener, so that a taken port is named, the stop is orderly
 * and leaves nobody's attachments behind, and the process ends with its supervisor. Environment: see server/config.ts.
 */
import { createServer } from 'node:http';
import { dirname } from 'node:path';
import next from 'next';
import { readConfig } from '#server/config.ts';
import { createNetworkSet } from '#server/input/network.ts';
import { logger } from '#server/logger.ts';
import { emptyUploadFolder, uploadFolder } from '#server/webmail/compose/upload-folder.ts';
import { settlePeerAddress } from './peer-address.ts';

const log = logger('web');
/** Event streams never end by themselves: what is still open after this is cut. */
const GRACE_MS = 2_000;

function fail(reason: string): never {
  log.fatal(reason);
  if (process.send) process.send({ kind: 'failed', reason }, () => process.exit(1));
  else process.exit(1); // Next.js would live on with the error
  process.exitCode = 1;
  throw new Error(reason);
}

let warned = false;

/** Once: everybody's sign-ins count as this machine's until it is mended. */
function warnOfProxy(): void {
  if (!warned)
    log.warn('X-Forwarded-For of a proxy on this machine is not believed: name it in MAILSTEAD_HTTP_PROXIES');
  warned = true;
}

/** Ours alone once we have the port: another web process may be running until then. */
function claimUploads(folder: string): void {
  try {
    emptyUploadFolder(folder);
  } catch (error) {
    fail((error as Error).message);
  }
}

/** The next start tries again. */
function leaveNoUploads(folder: string): void {
  try {
    emptyUploadFolder(folder);
  } catch (error) {
    log.error({ err: (error as Error).message }, 'attachments were left behind');
  }
}

async function main(): Promise<void> {
  const { http, varDir } = readConfig(process.env);
  const uploads = uploadFolder(varDir);
  const app = next({ dev: false, dir: dirname(import.meta.dirname), hostname: http.host, port: http.port });
  await app.prepare();
  const proxies = createNetworkSet(http.proxies);
  const handle = app.getRequestHandler();
  const server = createServer((request, response) => {
    if (!settlePeerAddress(request, proxies)) warnOfProxy();
    handle(request, response).catch((error: Error) => {
      log.error({ err: error.message }, 'request failed');
      response.destroy();
    });
  });
  const stop = (): void => {
    server.close(() => {
      leaveNoUploads(uploads);
      process.exit(0);
    });
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), GRACE_MS).unref();
  };
  server.once('error', (error: NodeJS.ErrnoException) => {
    const taken =
      error.code === 'EADDRINUSE'
        ? 'is taken by another program: set MAILSTEAD_HTTP_PORT to a free one'
        : error.message;
    fail(`HTTP port ${http.port} on ${http.host} ${taken}`);
  });
  server.listen(http.port, http.host, () => {
    claimUploads(uploads);
    process.send?.({ kind: 'ready' });
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, stop);
  process.once('disconnect', stop);
}

await main();
