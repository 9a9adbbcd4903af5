import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { cloneDatabase, type TestDatabase } from '#prisma/testing/clone-database.ts';
import { createPool } from '../database/pool.ts';
import { createPrisma, type PrismaClient } from '../database/prisma.ts';
import { createDomain } from '../domains/create-domain.ts';
import { certificateFor } from '../testing/certificates.ts';
import { contextOf, createReseller, createTenant, type Tenant } from '../testing/tenants.ts';
import { deleteCertificates } from './delete-certificates.ts';
import { listCertificates } from './list-certificates.ts';
import { openKey, sealKey } from './seal-key.ts';
import { loadCertificate, loadCertificateNames } from './stored-certificates.ts';
import { uploadCertificate } from './upload-certificate.ts';

let database: TestDatabase;
let db: PrismaClient;
let tenant: Tenant;
beforeAll(async () => {
  database = await cloneDatabase(inject('clusterUrl'));
  db = createPrisma(database.url, 2);
  tenant = await createTenant(db, 'ours.test', await createReseller(db, 'reseller@host.test'));
});
beforeEach(async () => {
  await db.certificate.deleteMany();
});
afterAll(async () => {
  await db.$disconnect();
  await database.drop();
});

const asOwner = () => contextOf(db, tenant.actors['domain-owner']);
const upload = (given: { chain: string; key: string }, context = asOwner()) =>
  uploadCertificate(context, { domainId: tenant.domainId, ...given });

describe('uploading', () => {
  test('keeps the chain and the names in the domain; the key only encrypted', async () => {
    const given = certificateFor(['ours.test', '*.ours.test', 'elsewhere.example']);
    const { certificate } = await upload(given);
    expect(certificate).toMatchObject({ names: ['ours.test', '*.ours.test'], expiry: 'fine' });
    expect(await listCertificates(asOwner(), { filters: { domainId: tenant.domainId } })).toEqual({
      rows: [certificate],
      total: 1,
    });
    const row = await db.certificate.findUniqueOrThrow({ where: { id: BigInt(certificate.id) } });
    const body = given.key.split('\n')[1] ?? '';
    expect(Buffer.from(row.sealedKey).toString('latin1')).not.toContain(body);
    const audit = await db.auditEvent.findFirstOrThrow({ where: { operation: 'certificates.upload' } });
    expect(JSON.stringify(audit, (_, value) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(
      body,
    );
  });

  test('the engine gets back what was uploaded, with the right secret only', async () => {
    const { certificate } = await upload(certificateFor(['mail.ours.test']));
    const pool = createPool({ connectionString: database.url, max: 1 });
    const { secret = '' } = asOwner();
    expect([...(await loadCertificateNames(pool))]).toEqual([
      ['mail.ours.test', { id: certificate.id, isHosts: false }],
    ]);
    const stored = await loadCertificate(pool, secret, certificate.id);
    expect(stored?.cert.trim()).toBe(certificateFor(['mail.ours.test']).chain.trim());
    expect(stored?.key.trim()).toBe(certificateFor(['mail.ours.test']).key.trim());
    await expect(loadCertificate(pool, `${secret}!`, certificate.id)).rejects.toThrow();
    expect(await loadCertificate(pool, secret, '999999')).toBeUndefined();
    await pool.end();
  });

  test('one with all names of an older one takes its place', async () => {
    await upload(certificateFor(['mail.ours.test'], { days: 30 }));
    const { replaced } = await upload(certificateFor(['mail.ours.test', 'imap.ours.test']));
    expect(replaced).toBe(1);
    expect(await db.certificate.count()).toBe(1);
    expect((await upload(certificateFor(['imap.ours.test']))).replaced).toBe(0);
  });

  test('the key may be RSA, and the chain in any order', async () => {
    const rsa = certificateFor(['mail.ours.test'], { newKey: ['-newkey', 'rsa:2048'] });
    expect((await upload({ ...rsa, chain: `junk before\n${rsa.chain}` })).certificate.names).toEqual([
      'mail.ours.test',
    ]);
  });

  const good = certificateFor(['mail.ours.test']);
  const other = certificateFor(['other.ours.test']);
  test.each<[string, { chain: string; key: string }, 'chain' | 'key', RegExp]>([
    ['no certificate', { ...good, chain: 'hello' }, 'chain', /no certificate in PEM/],
    ['a certificate that is none', { ...good, chain: good.chain.replace(/\nM/, '\nA') }, 'chain', /cannot be read/],
    ['a key that is none', { ...good, key: '-----BEGIN PRIVATE KEY-----\nAAAA' }, 'key', /not a private key/],
    ['the key of another', { ...good, key: other.key }, 'chain', /belongs to this key/],
    ['certificates of two chains', { ...good, chain: good.chain + other.chain }, 'chain', /another chain/],
    ['a hundred certificates', { ...good, chain: good.chain.repeat(100) }, 'chain', /at most|too long/],
    ['no host name', certificateFor([]), 'chain', /no host name/],
    ["another's names", certificateFor(['mail.theirs.test', 'xours.test']), 'chain', /nothing in ours\.test/],
    ['a short RSA key', certificateFor(['mail.ours.test'], { newKey: ['-newkey', 'rsa:1024'] }), 'key', /2048 to 4096/],
    [
      'a curve nobody speaks',
      certificateFor(['mail.ours.test'], { newKey: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp256k1'] }),
      'key',
      /curves/,
    ],
  ])('%s is refused in words, on its field', async (_name, given, field, words) => {
    await expect(upload(given)).rejects.toMatchObject({
      code: 'invalid',
      fields: { [field]: expect.stringMatching(words) },
    });
    expect(await db.certificate.count()).toBe(0);
  });

  test('one that has expired, or is not valid yet, is refused', async () => {
    for (const days of [-1, 4_000]) {
      const at = new Date(Date.now() + days * 86_400_000);
      const refusal = upload(
        good,
        contextOf(db, tenant.actors['domain-owner'], () => at),
      );
      await expect(refusal).rejects.toMatchObject({ code: 'invalid', fields: { chain: expect.any(String) } });
    }
  });

  test('names in a domain below, hosted for somebody else, are not the owner’s', async () => {
    const below = await createDomain(contextOf(db), { name: 'sub.ours.test' });
    const given = certificateFor(['mail.sub.ours.test', 'www.ours.test']);
    expect((await upload(given)).certificate.names).toEqual(['www.ours.test']);
    await expect(upload(certificateFor(['mail.sub.ours.test']))).rejects.toMatchObject({ code: 'invalid' });
    await db.domain.delete({ where: { id: BigInt(below.id) } });
  });

  test('a certificate of the host, for any name, is for admins', async () => {
    const given = { domainId: null, ...certificateFor(['mx.host.example']) };
    for (const actor of [tenant.actors['domain-owner'], tenant.actors.reseller]) {
      await expect(uploadCertificate(contextOf(db, actor), given)).rejects.toMatchObject({ code: 'forbidden' });
    }
    const { certificate } = await uploadCertificate(contextOf(db), given);
    expect(certificate).toMatchObject({ domain: null, names: ['mx.host.example'] });
    expect(await listCertificates(asOwner(), {})).toEqual({ rows: [], total: 0 });
    await expect(deleteCertificates(asOwner(), { ids: [certificate.id] })).rejects.toMatchObject({ code: 'not-found' });
    await deleteCertificates(contextOf(db), { ids: [certificate.id] });
  });

  test('a certificate of the host stays in place of one that the domain’s owner uploads for the same name', async () => {
    const given = certificateFor(['mx.ours.test']);
    const { certificate } = await uploadCertificate(contextOf(db), { domainId: null, ...given });
    await upload(certificateFor(['mx.ours.test', 'www.ours.test']));
    const pool = createPool({ connectionString: database.url, max: 1 });
    const names = await loadCertificateNames(pool);
    await pool.end();
    expect(names.get('mx.ours.test')).toEqual({ id: certificate.id, isHosts: true });
    expect(names.get('www.ours.test')).toMatchObject({ isHosts: false });
  });
});

test('one near its end says so', async () => {
  await upload(certificateFor(['mail.ours.test'], { days: 90 }));
  const expiryAfter = async (days: number) => {
    const at = new Date(Date.now() + days * 86_400_000);
    return (
      await listCertificates(
        contextOf(db, undefined, () => at),
        {},
      )
    ).rows[0]?.expiry;
  };
  expect([await expiryAfter(1), await expiryAfter(80), await expiryAfter(91)]).toEqual(['fine', 'soon', 'expired']);
});

test('a sealed key opens with its secret and its certificate alone', () => {
  const sealed = sealKey('secret', 'aa', 'the key');
  expect(openKey('secret', 'aa', sealed)).toBe('the key');
  expect(sealKey('secret', 'aa', 'the key')).not.toEqual(sealed);
  expect(() => openKey('another', 'aa', sealed)).toThrow();
  expect(() => openKey('secret', 'bb', sealed)).toThrow();
  for (const at of [0, 14, sealed.length - 1]) {
    const changed = Uint8Array.from(sealed, (byte, index) => (index === at ? byte ^ 1 : byte));
    expect(() => openKey('secret', 'aa', changed)).toThrow();
  }
  expect(() => openKey('secret', 'aa', sealed.subarray(0, 20))).toThrow();
});
