'use client';

import { createContext, type ReactNode, useContext, useMemo, useState } from 'react';
import type { Preferences } from '#server/webmail/preferences/preferences.ts';
import type { WebmailAccount } from '#server/webmail/preferences/read-preferences.ts';
import { sendJson } from './api.ts';

interface AccountState {
  account: WebmailAccount;
  preferences: Preferences;
  save: (changes: Partial<Preferences>) => Promise<void>;
}

const AccountContext = createContext<AccountState | null>(null);

/** Whose mail this is, and how they like it shown. */
export function AccountProvider({ initial, children }: { initial: WebmailAccount; children: ReactNode }) {
  const [account, setAccount] = useState(initial);
  const state = useMemo<AccountState>(
    () => ({
      account,
      preferences: account.preferences,
      save: async (changes) => {
        const preferences = await sendJson<Preferences>('PATCH', 'preferences', changes);
        setAccount((old) => ({ ...old, name: preferences.displayName || old.name, preferences }));
      },
    }),
    [account],
  );
  return <AccountContext value={state}>{children}</AccountContext>;
}

export function useAccount(): AccountState {
  const state = useContext(AccountContext);
  if (!state) throw new Error('outside of AccountProvider');
  return state;
}
