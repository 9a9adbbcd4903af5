'use client';

import { Button } from './ui/button.tsx';
import { ErrorState } from './ui/error-state.tsx';

interface ErrorPageProps {
  error: Error & { digest?: string };
  reset: () => void;
}

/** What `error.tsx` shows: the digest is the one in the server's log. */
export function ErrorPage({ error, reset }: ErrorPageProps) {
  return (
    <>
      <h1 className="sr-only">Error</h1>
      <ErrorState
        title="This page could not be shown"
        errorId={error.digest}
        action={<Button onClick={reset}>Try again</Button>}
      >
        The fault is on our side. If it stays, tell whoever runs this server the id below.
      </ErrorState>
    </>
  );
}
