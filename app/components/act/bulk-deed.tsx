'use client';

import type { ReactNode } from 'react';
import { useState } from 'react';
import { useSelection } from '../data-table/selection.tsx';
import { Button } from '../ui/button.tsx';
import { Confirm } from './confirm.tsx';
import type { DeedProps } from './deed-props.ts';
import { useAct } from './use-act.ts';

interface BulkDeedProps extends DeedProps {
  icon?: ReactNode;
  destructive?: boolean;
}

/** A button of the bulk bar: does it to every ticked row, all or none. */
export function BulkDeed({ label, action, done, undo, confirm, icon, destructive = false }: BulkDeedProps) {
  const { selected, clear } = useSelection();
  const { pending, act } = useAct();
  const [asking, setAsking] = useState(false);

  function perform(): void {
    const ids = [...selected];
    act({
      run: () => action(ids),
      undo: undo && ((data) => undo(ids, data)),
      done: `${ids.length} ${done}`,
      after: clear,
    });
  }

  return (
    <>
      <Button
        size="sm"
        variant={destructive ? 'destructive-outline' : 'secondary'}
        pending={pending}
        onClick={() => (confirm ? setAsking(true) : perform())}
      >
        {!pending && icon}
        {label}
      </Button>
      {confirm && <Confirm text={confirm} open={asking} onOpenChange={setAsking} onConfirm={perform} />}
    </>
  );
}
