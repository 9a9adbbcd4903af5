'use client';

import { useRouter } from 'next/navigation';
import { type ComponentProps, type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Confirm } from './confirm.tsx';
import type { DeedProps } from './deed-props.ts';
import { useAct } from './use-act.ts';

interface DeedButtonProps extends DeedProps, Pick<ComponentProps<typeof Button>, 'variant' | 'size'> {
  ids: readonly string[];
  icon?: ReactNode;
  /** Where to go when it is done: the page of what was deleted is no more. */
  goTo?: string;
}

/** A button that does something on the server; asks first where `confirm` says so. */
export function DeedButton({ label, action, done, undo, confirm, ids, icon, goTo, ...looks }: DeedButtonProps) {
  const router = useRouter();
  const { pending, act } = useAct();
  const [asking, setAsking] = useState(false);

  function perform(): void {
    const after = goTo === undefined ? undefined : () => router.push(goTo);
    act({ run: () => action([...ids]), undo: undo && ((data) => undo([...ids], data)), done, after });
  }

  return (
    <>
      <Button variant="secondary" {...looks} pending={pending} onClick={() => (confirm ? setAsking(true) : perform())}>
        {!pending && icon}
        {label}
      </Button>
      {confirm && <Confirm text={confirm} open={asking} onOpenChange={setAsking} onConfirm={perform} />}
    </>
  );
}
