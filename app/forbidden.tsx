import { ShieldX } from 'lucide-react';
import Link from 'next/link';
import { Button } from './components/ui/button.tsx';
import { EmptyState } from './components/ui/empty-state.tsx';

export default function ForbiddenPage() {
  return (
    <main className="grid min-h-dvh place-items-center">
      <h1 className="sr-only">Not allowed</h1>
      <EmptyState
        icon={ShieldX}
        title="This is not open to you"
        action={
          <Button asChild>
            <Link href="/">Go to the start page</Link>
          </Button>
        }
      >
        Your role does not include this page. An admin can change what you may do.
      </EmptyState>
    </main>
  );
}
