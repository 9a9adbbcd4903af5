import { Compass } from 'lucide-react';
import Link from 'next/link';
import { Button } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';

export default function PanelNotFoundPage() {
  return (
    <>
      <h1 className="sr-only">Not found</h1>
      <EmptyState
        icon={Compass}
        title="There is no such thing, or it is not yours"
        className="pt-24"
        action={
          <Button asChild variant="secondary">
            <Link href="/panel">Go to the dashboard</Link>
          </Button>
        }
      >
        It may have been deleted: look under Deleted items.
      </EmptyState>
    </>
  );
}
