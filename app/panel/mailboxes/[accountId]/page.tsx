import { KeyRound, Pause, Play, Trash2 } from 'lucide-react';
import type { Metadata } from 'next';
import type { AccountView } from '#server/accounts/account-view.ts';
import { getAccount } from '#server/accounts/get-account.ts';
import {
  deleteAccountsAction,
  restoreAccountsAction,
  resumeAccountsAction,
  suspendAccountsAction,
} from '@/actions/accounts.ts';
import { DeedButton } from '@/components/act/deed-button.tsx';
import { AppPasswordsCard } from '@/components/app-passwords/app-passwords-card.tsx';
import { Card } from '@/components/card.tsx';
import { DangerZone } from '@/components/danger-zone.tsx';
import { OpenButton } from '@/components/open-button.tsx';
import { PageHeader } from '@/components/page-header.tsx';
import { MailboxRelayCard } from '@/components/relaying/mailbox-relay-card.tsx';
import { HeldNotice } from '@/components/sending/held-notice.tsx';
import { SendAsCard } from '@/components/sending/send-as-card.tsx';
import { SendLimitsCard } from '@/components/sending/send-limits-card.tsx';
import { StateBadge } from '@/components/state-badge.tsx';
import { UrlDialog } from '@/components/url-dialog.tsx';
import { readParam, type SearchParams } from '@/list-params.ts';
import { read } from '@/read.ts';
import { ResetPasswordForm } from '../reset-password-form.tsx';
import { EditMailboxForm } from './edit-mailbox-form.tsx';
import { MailboxFacts } from './mailbox-facts.tsx';

export const metadata: Metadata = { title: 'Mailbox' };

function SuspendButton({ mailbox: { id, address, suspendedAt } }: { mailbox: AccountView }) {
  if (suspendedAt !== null) {
    return (
      <DeedButton
        ids={[id]}
        label="Resume"
        icon={<Play aria-hidden />}
        action={resumeAccountsAction}
        done={`${address} resumed.`}
      />
    );
  }
  return (
    <DeedButton
      ids={[id]}
      label="Suspend"
      icon={<Pause aria-hidden />}
      action={suspendAccountsAction}
      undo={resumeAccountsAction}
      done={`${address} suspended.`}
    />
  );
}

interface MailboxPageProps {
  params: Promise<{ accountId: string }>;
  searchParams: SearchParams;
}

export default async function MailboxPage({ params, searchParams }: MailboxPageProps) {
  const mailbox = await read(getAccount, { id: (await params).accountId });
  const { id, address, domain } = mailbox;
  return (
    <>
      <PageHeader
        title={address}
        badge={<StateBadge suspendedAt={mailbox.suspendedAt} />}
        about={mailbox.displayName}
        crumbs={[
          { label: 'Domains', href: '/panel/domains' },
          { label: domain.name, href: `/panel/domains/${domain.id}` },
          { label: mailbox.localPart },
        ]}
      >
        <SuspendButton mailbox={mailbox} />
        <OpenButton href={`/panel/mailboxes/${id}?reset=1`} icon={<KeyRound aria-hidden />}>
          Reset password
        </OpenButton>
      </PageHeader>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <HeldNotice id={id} />
        <Card title="Overview">
          <MailboxFacts mailbox={mailbox} />
        </Card>
        <Card title="Settings">
          <EditMailboxForm mailbox={mailbox} />
        </Card>
        <SendLimitsCard scope="account" id={id} />
        <SendAsCard accountId={id} domain={domain.name} />
        <MailboxRelayCard mailbox={mailbox} />
        <AppPasswordsCard accountId={id} className="lg:col-span-2" />
        <DangerZone
          title="Delete this mailbox"
          about="It stops receiving mail and its address becomes free. It can be restored with its mail from Deleted items for a while."
        >
          <DeedButton
            ids={[id]}
            label="Delete mailbox"
            variant="destructive-outline"
            icon={<Trash2 aria-hidden />}
            action={deleteAccountsAction}
            undo={restoreAccountsAction}
            done={`${address} deleted.`}
            goTo={`/panel/domains/${domain.id}`}
          />
        </DangerZone>
      </div>
      {readParam((await searchParams).reset) && (
        <UrlDialog
          param="reset"
          title={`Reset the password of ${address}`}
          description="The owner is signed out of webmail everywhere; mail programs that used the old password ask for the new one."
        >
          <ResetPasswordForm accountId={id} />
        </UrlDialog>
      )}
    </>
  );
}
