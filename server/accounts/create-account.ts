import { z } from 'zod';
import { localPartInput } from '../addresses/local-part-input.ts';
import { ADDRESS_TAKEN, createRequiredAliases, takeAddress } from '../addresses/take-address.ts';
import { createCramMd5Column } from '../auth/cram-md5-column.ts';
import { createAccountCredentials } from '../auth/password.ts';
import { generatePassword, requireGoodPassword } from '../auth/password-rules.ts';
import { refuseDuplicates } from '../database/unique-violation.ts';
import { requireRoomForAccounts } from '../domains/domain-limits.ts';
import { lockDomain } from '../domains/require-domain.ts';
import { idInput } from '../input/id.ts';
import { displayNameInput, quotaInput } from '../input/text.ts';
import { type Context, defineOperation } from '../operation.ts';
import type { AccountView } from './account-view.ts';
import { readAccountView } from './require-account.ts';

const input = z.object({
  domainId: idInput,
  localPart: localPartInput,
  displayName: displayNameInput.default(''),
  /** Left out: one is generated. */
  password: z.string().optional(),
  /** Left out: the domain's default. */
  quotaBytes: quotaInput.optional(),
});

type Input = z.output<typeof input>;

export interface CreatedAccount {
  account: AccountView;
  /** Where none was given; shown this once. */
  generatedPassword: string | null;
}

async function insertAccount(context: Context, given: Input, password: string): Promise<bigint> {
  const { db, now } = context;
  const { domainId, localPart, displayName } = given;
  const domain = await lockDomain(context, domainId);
  const address = `${localPart}@${domain.name}`;
  requireGoodPassword(password, address);
  await requireRoomForAccounts(db, domain, 1);
  const quotaBytes = given.quotaBytes === undefined ? domain.defaultQuotaBytes : BigInt(given.quotaBytes);
  const credentials = await createAccountCredentials(password);
  const cramMd5 = await createCramMd5Column(context, password);
  const data = { domainId, localPart, address, displayName, quotaBytes, createdAt: now(), ...credentials, cramMd5 };
  const created = db.account.create({ data, select: { id: true } });
  const { id } = await refuseDuplicates(created, 'localPart', ADDRESS_TAKEN);
  await takeAddress(db, { domainId, localPart, accountId: id });
  await db.$queryRaw`SELECT create_default_folders(${id})::text`;
  const isFirst = (await db.account.count({ where: { domainId, deletedAt: null } })) === 1;
  if (isFirst) await createRequiredAliases(db, domainId);
  return id;
}

/** Makes a mailbox with its default folders. Refused when the address is taken (`conflict` on `localPart`) or a limit is reached. */
export const createAccount = defineOperation({
  name: 'accounts.create',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input,
  run: async (context, given): Promise<CreatedAccount> => {
    const generatedPassword = given.password === undefined ? generatePassword() : null;
    const id = await insertAccount(context, given, generatedPassword ?? given.password ?? '');
    return { account: await readAccountView(context, id), generatedPassword };
  },
  target: (_, { account }) => account.address,
});
