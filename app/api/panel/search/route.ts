import { listAccounts } from '#server/accounts/list-accounts.ts';
import { OperationError } from '#server/actor/errors.ts';
import { listDomains } from '#server/domains/list-domains.ts';
import { findActor, operationContext } from '@/session.ts';

const MOST = 6;

/** Domains and mailboxes for the command palette: `?q=` → `{ found: [{ kind, label, href }] }`. */
export async function GET(request: Request): Promise<Response> {
  const actor = await findActor();
  if (!actor) return Response.json({ error: 'unauthenticated' }, { status: 401 });
  const context = await operationContext(actor);
  const asked = { search: new URL(request.url).searchParams.get('q') ?? '', pageSize: MOST };
  try {
    const [domains, accounts] = await Promise.all([listDomains(context, asked), listAccounts(context, asked)]);
    const found = [
      ...domains.rows.map(({ id, name }) => ({ kind: 'domain', label: name, href: `/panel/domains/${id}` })),
      ...accounts.rows.map(({ id, address }) => ({ kind: 'mailbox', label: address, href: `/panel/mailboxes/${id}` })),
    ];
    return Response.json({ found }, { headers: { 'cache-control': 'no-store' } });
  } catch (error) {
    if (!(error instanceof OperationError)) throw error;
    return Response.json({ error: error.code }, { status: error.code === 'forbidden' ? 403 : 400 });
  }
}
