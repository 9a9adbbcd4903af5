import { listAccounts } from '#server/accounts/list-accounts.ts';
import type { DomainView } from '#server/domains/domain-view.ts';
import { Card } from '@/components/card.tsx';
import { read } from '@/read.ts';
import { NONE } from '@/schemas/choice.ts';
import { CatchAllForm } from './catch-all-form.tsx';

const MANY = 200;

/** What becomes of mail for names the domain does not have. */
export async function CatchAllCard({ domain: { id, catchAll } }: { domain: DomainView }) {
  const { rows } = await read(listAccounts, { pageSize: MANY, filters: { domainId: id } });
  const mailboxes = rows.map((row) => ({ value: row.id, label: `Goes to ${row.address}` }));
  const isListed = catchAll === null || rows.some((row) => row.id === catchAll.id);
  const chosen = isListed ? [] : [{ value: catchAll.id, label: `Goes to ${catchAll.address}` }];
  return (
    <Card title="Catch-all">
      <CatchAllForm
        key={catchAll?.id ?? NONE}
        domainId={id}
        accountId={catchAll?.id ?? null}
        choices={[{ value: NONE, label: 'Is refused, and its sender knows' }, ...chosen, ...mailboxes]}
      />
    </Card>
  );
}
