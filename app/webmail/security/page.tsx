import { ArrowLeft, Plus } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { AppPasswordsCard } from '@/components/app-passwords/app-passwords-card.tsx';
import { Card } from '@/components/card.tsx';
import { OpenButton } from '@/components/open-button.tsx';
import { PageHeader } from '@/components/page-header.tsx';
import { ThemeSwitch } from '@/components/theme-switch.tsx';
import { Button } from '@/components/ui/button.tsx';
import { UrlDialog } from '@/components/url-dialog.tsx';
import { readParam, type SearchParams } from '@/list-params.ts';
import { ChangePasswordForm } from '@/panel/account/change-password-form.tsx';
import { SessionList } from '@/panel/account/session-list.tsx';
import { requireMailboxOwner } from '@/session.ts';
import { CreateAppPasswordForm } from './create-app-password-form.tsx';

export const metadata: Metadata = { title: 'Security' };

/** A mailbox owner's passwords and where they are signed in. */
export default async function SecurityPage({ searchParams }: { searchParams: SearchParams }) {
  const owner = await requireMailboxOwner('/webmail/security');
  return (
    <div className="min-h-dvh bg-background">
      <header className="flex h-13 items-center justify-between border-b px-3 md:px-6">
        <Button variant="ghost" asChild>
          <Link href="/webmail">
            <ArrowLeft aria-hidden /> Back to mail
          </Link>
        </Button>
        <ThemeSwitch />
      </header>
      <main className="mx-auto w-full max-w-4xl px-3 py-5 md:px-6">
        <PageHeader title="Security" about={`Passwords of ${owner.label}, and where you are signed in.`} />
        <div className="grid items-start gap-4 lg:grid-cols-2">
          <AppPasswordsCard
            className="lg:col-span-2"
            action={
              <OpenButton href="/webmail/security?new=1" icon={<Plus aria-hidden />}>
                New app password
              </OpenButton>
            }
          />
          <Card
            title="Password"
            about="Changing it signs your other browsers out, and mail programs that use it."
            className="lg:col-span-2"
          >
            <div className="max-w-md">
              <ChangePasswordForm login={owner.label} hasAppPasswords />
            </div>
          </Card>
          <SessionList />
        </div>
      </main>
      {readParam((await searchParams).new) && (
        <UrlDialog
          param="new"
          title="New app password"
          description="For one mail program. It is shown once, and can be revoked at any time."
        >
          <CreateAppPasswordForm />
        </UrlDialog>
      )}
    </div>
  );
}
