'use client';

import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import type { Preferences } from '#server/webmail/preferences/preferences.ts';
import type { WebmailAccount } from '#server/webmail/preferences/read-preferences.ts';
import { sendJson } from './api.ts';

interface AccountState {
  account: WebmailAccount;
  preferences: Preferences;
  /** What one may write as, the mailbox's own address first. */
  senders: readonly string[];
  save: (changes: Partial<Preferences>) => Promise<void>;
}

const AccountContext = createContext<AccountState | null>(null);

interface AccountProviderProps {
  initial: WebmailAccount;
  senders: readonly string[];
  children: ReactNode;
}

/** Whose mail this is, and how they like it shown. */
export function AccountProvider({ initial, senders, children }: AccountProviderProps) {
  const [account, setAccount] = useState(initial);
  const state = useMemo<AccountState>(
    () => ({
      account,
      preferences: account.preferences,
      senders,
      save: async (changes) => {
        const preferences = await sendJson<Preferences>('PATCH', 'preferences', changes);
        setAccount((old) => ({ ...old, name: preferences.displayName || old.name, preferences }));
      },
    }),
    [account, senders],
  );
  return <AccountContext value={state}>{children}</AccountContext>;
}

export function useAccount(): AccountState {
  const state = useContext(AccountContext);
  if (!state) throw new Error('outside of AccountProvider');
  return state;
}
