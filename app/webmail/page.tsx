import { Suspense } from 'react';
import { readPreferences } from '#server/webmail/preferences/read-preferences.ts';
import { listSenders } from '#server/webmail/senders/list-senders.ts';
import { read } from '@/read.ts';
import { requireMailboxOwner } from '@/session.ts';
import { WebmailLoading } from './loading-screen.tsx';
import { Webmail } from './webmail.tsx';

export default async function WebmailPage() {
  await requireMailboxOwner('/webmail');
  const account = await read(readPreferences, {});
  const senders = await read(listSenders, {});
  return (
    <Suspense fallback={<WebmailLoading />}>
      <Webmail account={account} senders={senders} />
    </Suspense>
  );
}
