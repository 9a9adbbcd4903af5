'use client';

import { RotateCcw } from 'lucide-react';
import { useRouter } from 'next/navigation';
import type { AccessService } from '#server/access-rules/types.ts';
import { restoreVersionAction } from '@/actions/access-rules.ts';
import { useAct } from '@/components/act/use-act.ts';
import { Button } from '@/components/ui/button.tsx';

interface RestoreButtonProps {
  service: AccessService;
  /** Null: the rules that ship. */
  version: string | null;
}

export function RestoreButton({ service, version }: RestoreButtonProps) {
  const { pending, act } = useAct();
  const router = useRouter();
  return (
    <Button
      variant="secondary"
      size="sm"
      pending={pending}
      onClick={() =>
        act({
          run: () => restoreVersionAction({ service, version }),
          done: 'Restored. These rules hold now.',
          after: () => router.push(`/panel/access/${service}`),
        })
      }
    >
      {!pending && <RotateCcw aria-hidden />}
      Restore
    </Button>
  );
}
