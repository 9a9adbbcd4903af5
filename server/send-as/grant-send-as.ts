import { z } from 'zod';
import { lockAccounts } from '../accounts/require-account.ts';
import { OperationError } from '../actor/errors.ts';
import { domainScope } from '../actor/scopes.ts';
import { normaliseDomain, normaliseLocalPart } from '../addresses/normalise-address.ts';
import { idInput } from '../input/id.ts';
import { line } from '../input/text.ts';
import { type Context, defineOperation } from '../operation.ts';
import { isSameOwner, SEND_AS_SELECT, type SendAsView, toSendAsView } from './send-as-view.ts';

/** Of one mailbox: nobody needs more, and the directory keeps them in memory. */
const MAX_GRANTS = 100;

function refuse(message: string): never {
  throw new OperationError('invalid', message, { address: message });
}

/** `sales@example.com`, or `@example.com` for all of the domain (an empty local part). */
function readAddress(text: string): { localPart: string; domain: string } {
  const at = text.lastIndexOf('@');
  const domain = at < 0 ? undefined : normaliseDomain(text.slice(at + 1));
  const localPart = at === 0 ? '' : normaliseLocalPart(text.slice(0, Math.max(at, 0)));
  if (domain === undefined || localPart === undefined || /\s/.test(localPart)) {
    return refuse('Enter an address, like sales@example.com, or @example.com for all of a domain.');
  }
  return { localPart, domain };
}

async function findDomain({ db, actor }: Context, name: string, accountId: bigint) {
  const select = { id: true, name: true, ownerId: true, resellerId: true } as const;
  const domain = await db.domain.findFirst({ where: { AND: [domainScope(actor), { name, deletedAt: null }] }, select });
  const home = await db.domain.findFirstOrThrow({ where: { accounts: { some: { id: accountId } } }, select });
  // Somebody else's domain and none at all get the same answer.
  if (!domain || !isSameOwner(domain, home)) {
    return refuse(`Only addresses of ${home.name}, and of other domains of the same owner, can be granted.`);
  }
  return domain;
}

/** Lets a mailbox send as an address, or every address of a domain, of the same owner. The address need not receive mail. */
export const grantSendAs = defineOperation({
  name: 'sendAs.grant',
  allow: ['admin', 'reseller', 'domain-owner'],
  kind: 'write',
  input: z.object({ accountId: idInput, address: line(320) }),
  run: async (context, { accountId, address }): Promise<SendAsView> => {
    const { localPart, domain: name } = readAddress(address);
    await lockAccounts(context, [accountId]);
    const domain = await findDomain(context, name, accountId);
    const { db } = context;
    if ((await db.sendAsGrant.count({ where: { accountId } })) >= MAX_GRANTS) {
      throw new OperationError(
        'limit-reached',
        `A mailbox may have ${MAX_GRANTS} of these: grant the whole domain instead.`,
      );
    }
    const key = { accountId, domainId: domain.id, localPart };
    const row = await db.sendAsGrant.upsert({
      where: { accountId_domainId_localPart: key },
      create: { ...key, createdAt: context.now() },
      update: {},
      select: SEND_AS_SELECT,
    });
    return toSendAsView(row);
  },
  target: ({ accountId }, { address }) => `${address} to mailbox ${accountId}`,
});
