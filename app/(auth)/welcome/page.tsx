import { Unlink } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { findPasswordLink } from '#server/auth/password-link.ts';
import { Button } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { container } from '@/container.ts';
import { readParam, type SearchParams } from '@/list-params.ts';
import { WelcomeForm } from './welcome-form.tsx';

export const metadata: Metadata = { title: 'Set your password', referrer: 'no-referrer' };

function DeadLink() {
  return (
    <>
      <h1 className="sr-only">Set your password</h1>
      <EmptyState
        icon={Unlink}
        title="This link no longer works"
        className="px-0 py-4"
        action={
          <Button asChild variant="secondary">
            <Link href="/sign-in">Go to sign-in</Link>
          </Button>
        }
      >
        It was used already, a newer one was made, or it is too old. Ask for a new one: an admin makes it under People,
        and on the server <code className="font-mono">mailstead password-link</code> prints one.
      </EmptyState>
    </>
  );
}

/** Where a one-time password link leads: the first admin chooses who they are, everybody chooses a password. */
export default async function WelcomePage({ searchParams }: { searchParams: SearchParams }) {
  const token = readParam((await searchParams).token) ?? '';
  const { db, now } = container();
  const link = await findPasswordLink({ db, now }, token);
  if (!link) return <DeadLink />;
  return (
    <>
      <h1 className="font-semibold text-xl tracking-tight">
        {link.choosesIdentity ? 'Welcome to Mailstead' : `Welcome, ${link.name}`}
      </h1>
      <p className="mt-1 mb-5 text-muted-foreground text-sm">
        {link.choosesIdentity
          ? 'You are the first admin. Say who you are and choose a password; the link works this once.'
          : `Choose a password for ${link.email}. The link works this once.`}
      </p>
      <WelcomeForm token={token} email={link.email} name={link.name} choosesIdentity={link.choosesIdentity} />
    </>
  );
}
