import { Compass } from 'lucide-react';
import Link from 'next/link';
import { Button } from './components/ui/button.tsx';
import { EmptyState } from './components/ui/empty-state.tsx';

export default function NotFoundPage() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        icon={Compass}
        title="There is nothing here"
        action={
          <Button asChild>
            <Link href="/">Go to the start page</Link>
          </Button>
        }
      >
        The address may be mistyped, or what it led to was removed.
      </EmptyState>
    </main>
  );
}
