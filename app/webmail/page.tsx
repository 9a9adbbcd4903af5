import { Suspense } from 'react';
import { readPreferences } from '#server/webmail/preferences/read-preferences.ts';
import { read } from '@/read.ts';
import { requireMailboxOwner } from '@/session.ts';
import { WebmailLoading } from './loading-screen.tsx';
import { Webmail } from './webmail.tsx';

export default async function WebmailPage() {
  await requireMailboxOwner('/webmail');
  const account = await read(readPreferences, {});
  return (
    <Suspense fallback={<WebmailLoading />}>
      <Webmail account={account} />
    </Suspense>
  );
}
