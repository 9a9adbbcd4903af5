'use client';

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import type { WebmailAccount } from '#server/webmail/preferences/read-preferences.ts';
import { AccountProvider } from './data/account.tsx';
import { ApiError } from './data/api.ts';
import { MailShell } from './mail-shell.tsx';

/** A session that ended while webmail was open leads to the sign-in page, whichever request found out. */
function leaveWhenSignedOut(error: unknown): void {
  if (error instanceof ApiError && error.code === 'unauthenticated') window.location.assign('/sign-in?next=%2Fwebmail');
}

function createClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: leaveWhenSignedOut }),
    mutationCache: new MutationCache({ onError: leaveWhenSignedOut }),
    defaultOptions: {
      queries: {
        retry: (count, error) =>
          count < 2 && error instanceof ApiError && ['offline', 'unanswered', 'unavailable'].includes(error.code),
        refetchOnWindowFocus: true,
      },
    },
  });
}

export function Webmail({ account, senders }: { account: WebmailAccount; senders: readonly string[] }) {
  const [client] = useState(createClient);
  return (
    <QueryClientProvider client={client}>
      <AccountProvider initial={account} senders={senders}>
        <MailShell />
      </AccountProvider>
    </QueryClientProvider>
  );
}
