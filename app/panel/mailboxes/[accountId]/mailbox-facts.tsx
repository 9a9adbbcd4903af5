import type { AccountView } from '#server/accounts/account-view.ts';
import { listAddresses } from '#server/addresses/list-addresses.ts';
import { Fact, Facts } from '@/components/facts.tsx';
import { QuotaBar } from '@/components/quota-bar.tsx';
import { Time } from '@/components/time.tsx';
import { formatCount } from '@/format.ts';
import { read } from '@/read.ts';

export async function MailboxFacts({ mailbox }: { mailbox: AccountView }) {
  const addresses = await read(listAddresses, { pageSize: 100, filters: { accountId: mailbox.id } });
  return (
    <Facts>
      <Fact name="Mail">
        <QuotaBar usedBytes={mailbox.usedBytes} quotaBytes={mailbox.quotaBytes} label="Quota used" />
      </Fact>
      <Fact name="Messages">{formatCount(mailbox.messages)}</Fact>
      <Fact name="Other addresses">{addresses.rows.map(({ address }) => address).join(', ') || 'none'}</Fact>
      <Fact name="Last sign-in">{mailbox.lastLoginAt ? <Time at={mailbox.lastLoginAt} /> : 'never'}</Fact>
      <Fact name="Added">
        <Time at={mailbox.createdAt} />
      </Fact>
    </Facts>
  );
}
