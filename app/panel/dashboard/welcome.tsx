import { Globe } from 'lucide-react';
import Link from 'next/link';
import { Button } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';

/** The dashboard before anything is hosted. */
export function Welcome({ canAdd }: { canAdd: boolean }) {
  return (
    <div className="rounded-lg border bg-surface shadow-raised">
      {canAdd ? (
        <EmptyState
          icon={Globe}
          title="Host the first domain"
          action={
            <Button asChild>
              <Link href="/panel/domains?new=1">Add a domain</Link>
            </Button>
          }
        >
          Add a domain, give it mailboxes, and point its MX record at this server.
        </EmptyState>
      ) : (
        <EmptyState icon={Globe} title="No domain is yours yet">
          Whoever runs this server gives you one; it then appears here.
        </EmptyState>
      )}
    </div>
  );
}
