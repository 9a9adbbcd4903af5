import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { readParam, type SearchParams } from '@/list-params.ts';
import { findActor } from '@/session.ts';
import { SignInForm } from './sign-in-form.tsx';

export const metadata: Metadata = { title: 'Sign in' };

/** A path of ours, or the start page: `next` is the browser's to choose and must not lead anywhere else. */
function safeReturn(next: string | undefined): string {
  return next !== undefined && /^\/(panel|webmail)(?:[/?]|$)/.test(next) && !next.includes('\\') ? next : '/';
}

export default async function SignInPage({ searchParams }: { searchParams: SearchParams }) {
  const { next, welcome } = await searchParams;
  const returnTo = safeReturn(readParam(next));
  if (await findActor()) redirect(returnTo);
  return (
    <>
      <h1 className="font-semibold text-xl tracking-tight">Sign in</h1>
      <p className="mt-1 mb-5 text-muted-foreground text-sm">
        {welcome ? 'Your password is set. Sign in with it.' : 'To your mailbox or to the control panel.'}
      </p>
      <SignInForm returnTo={returnTo} />
    </>
  );
}
