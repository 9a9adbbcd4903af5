import { ShieldX } from 'lucide-react';
import Link from 'next/link';
import { Button } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';

export default function PanelForbiddenPage() {
  return (
    <>
      <h1 className="sr-only">Not allowed</h1>
      <EmptyState
        icon={ShieldX}
        title="This is not open to you"
        className="pt-24"
        action={
          <Button asChild variant="secondary">
            <Link href="/panel">Go to the dashboard</Link>
          </Button>
        }
      >
        Your role does not include this page. An admin can change what you may do.
      </EmptyState>
    </>
  );
}
