/** The certificates that clients of the real engine see, as OpenSSL's own client sees them. */
import { execFile } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import { type EngineProcess, startEngineProcess, TEST_SECRET } from '#engine/testing/engine-process.ts';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { deleteCertificates } from '#server/certificates/delete-certificates.ts';
import { uploadCertificate } from '#server/certificates/upload-certificate.ts';
import type { Service } from '#server/config.ts';
import { createPrisma, type PrismaClient } from '#server/database/prisma.ts';
import { createDomain } from '#server/domains/create-domain.ts';
import { certificateFor } from '#server/testing/certificates.ts';
import { contextOf } from '#server/testing/tenants.ts';

/** What `engine-process` calls the machine. */
const HOST = 'mx.harbour.example';
const STARTTLS: Partial<Record<Service, string>> = { smtp: 'smtp', submission: 'smtp', imap: 'imap', pop3: 'pop3' };
const SERVICES = ['smtp', 'submission', 'submissions', 'imap', 'imaps', 'pop3', 'pop3s'] as const;
const BLOCK = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/;

let database: TestDatabase;
let db: PrismaClient;
let engine: EngineProcess;
let own: string;
let domainId: string;
const context = () => ({ ...contextOf(db), secret: TEST_SECRET });
const fingerprintOf = (pem: string) => new X509Certificate(pem).fingerprint256;

beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 2);
  domainId = (await createDomain(context(), { name: 'harbour.example' })).id;
  engine = await startEngineProcess({ databaseUrl: database.url });
  own = fingerprintOf(await readFile(engine.certFile, 'utf8'));
});
afterAll(async () => {
  await engine.end('SIGTERM');
  await db.$disconnect();
  await database.drop();
});

/** Fingerprint of the certificate that a client asking for `name` is shown; null sends no name. */
async function shownTo(service: Service, name: string | null, version = '-tls1_3'): Promise<string> {
  const starttls = STARTTLS[service];
  const args = [
    ...['s_client', '-connect', `127.0.0.1:${engine.ports[service]}`, version],
    ...(name === null ? ['-noservername'] : ['-servername', name]),
    ...(starttls === undefined ? [] : ['-starttls', starttls]),
  ];
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const client = execFile('openssl', args, { timeout: 20_000 }, (_error, stdout, stderr) => {
    const pem = BLOCK.exec(stdout)?.[0];
    if (pem) resolve(fingerprintOf(pem));
    else reject(new Error(`no certificate: ${stderr}`));
  });
  client.stdin?.end();
  return await promise;
}

async function waitUntilShown(name: string, fingerprint: string): Promise<void> {
  await vi.waitFor(async () => expect(await shownTo('imaps', name)).toBe(fingerprint), { timeout: 20_000 });
}

test('each name gets its certificate on every service, by STARTTLS and from the first byte', async () => {
  const [exact, wildcard] = [certificateFor(['mail.harbour.example']), certificateFor(['*.harbour.example'])];
  await uploadCertificate(context(), { domainId, ...wildcard });
  await uploadCertificate(context(), { domainId, ...exact });
  await waitUntilShown('mail.harbour.example', fingerprintOf(exact.chain));
  for (const service of SERVICES) {
    const shown = {
      exact: await shownTo(service, 'mail.harbour.example'),
      wildcard: await shownTo(service, 'imap.harbour.example'),
      deeper: await shownTo(service, 'a.b.harbour.example'),
      unknown: await shownTo(service, 'mail.nowhere.example'),
      none: await shownTo(service, null),
    };
    expect([service, shown]).toEqual([
      service,
      {
        exact: fingerprintOf(exact.chain),
        wildcard: fingerprintOf(wildcard.chain),
        deeper: own,
        unknown: own,
        none: own,
      },
    ]);
  }
});

test('with TLS 1.2, in capitals and with the root’s dot too', async () => {
  const expected = fingerprintOf(certificateFor(['mail.harbour.example']).chain);
  expect(await shownTo('imap', 'MAIL.Harbour.Example', '-tls1_2')).toBe(expected);
  expect(await shownTo('smtp', 'mail.harbour.example.')).toBe(expected);
});

test('the owner of a domain cannot stand in for the machine itself; its admin can', async () => {
  await uploadCertificate(context(), { domainId, ...certificateFor([HOST]) });
  const hosts = certificateFor([HOST, 'other.example']);
  const { certificate } = await uploadCertificate(context(), { domainId: null, ...hosts });
  await waitUntilShown('other.example', fingerprintOf(hosts.chain));
  expect(await shownTo('smtp', HOST)).toBe(fingerprintOf(hosts.chain));
  await deleteCertificates(context(), { ids: [certificate.id] });
  await waitUntilShown('other.example', own);
  expect(await shownTo('smtp', HOST)).toBe(own);
});

test('a renewed certificate is shown to the next client, a deleted one to none', async () => {
  const renewed = certificateFor(['mail.harbour.example'], { days: 200 });
  const { certificate } = await uploadCertificate(context(), { domainId, ...renewed });
  await waitUntilShown('mail.harbour.example', fingerprintOf(renewed.chain));
  await deleteCertificates(context(), { ids: [certificate.id] });
  await waitUntilShown('mail.harbour.example', fingerprintOf(certificateFor(['*.harbour.example']).chain));
});

test('a key sealed under another secret gives way to the machine’s own', async () => {
  const given = { domainId, ...certificateFor(['lost.harbour.example']) };
  await uploadCertificate({ ...context(), secret: 'a secret that this engine does not have' }, given);
  await waitUntilShown('lost.harbour.example', own);
});
