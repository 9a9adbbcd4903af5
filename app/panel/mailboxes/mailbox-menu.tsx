import { KeyRound, Pause, Play, Settings2, Trash2 } from 'lucide-react';
import type { AccountView } from '#server/accounts/account-view.ts';
import {
  deleteAccountsAction,
  restoreAccountsAction,
  resumeAccountsAction,
  suspendAccountsAction,
} from '@/actions/accounts.ts';
import { RowMenu } from '@/components/act/row-menu.tsx';

export function MailboxMenu({ mailbox }: { mailbox: AccountView }) {
  const { id, address, suspendedAt } = mailbox;
  const toggle =
    suspendedAt !== null
      ? { label: 'Resume', icon: <Play aria-hidden />, action: resumeAccountsAction, done: `${address} resumed.` }
      : {
          label: 'Suspend',
          icon: <Pause aria-hidden />,
          action: suspendAccountsAction,
          undo: resumeAccountsAction,
          done: `${address} suspended.`,
        };
  return (
    <RowMenu
      id={id}
      label={address}
      items={[
        { label: 'Edit', icon: <Settings2 aria-hidden />, href: `/panel/mailboxes/${id}` },
        { label: 'Reset password', icon: <KeyRound aria-hidden />, href: `/panel/mailboxes/${id}?reset=1` },
        toggle,
        {
          label: 'Delete',
          icon: <Trash2 aria-hidden />,
          destructive: true,
          action: deleteAccountsAction,
          undo: restoreAccountsAction,
          done: `${address} deleted.`,
        },
      ]}
    />
  );
}
