'use client';

import { useId } from 'react';
import type { ActionResult } from '@/actions/result.ts';
import { useAct } from '../act/use-act.ts';
import { Switch } from '../ui/switch.tsx';

interface RelaySwitchProps {
  id: string;
  label: string;
  hint: string;
  on: boolean;
  /** What it says when switched on and off. */
  done: readonly [on: string, off: string];
  action: (id: string, on: boolean) => Promise<ActionResult<unknown>>;
}

/** One yes or no that holds at once. */
export function RelaySwitch({ id, label, hint, on, done, action }: RelaySwitchProps) {
  const htmlId = useId();
  const { pending, act } = useAct();
  function change(next: boolean): void {
    act({ run: () => action(id, next), undo: () => action(id, on), done: next ? done[0] : done[1] });
  }
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="min-w-0">
        <label htmlFor={htmlId} className="font-medium text-sm">
          {label}
        </label>
        <p id={`${htmlId}-hint`} className="text-muted-foreground text-xs">
          {hint}
        </p>
      </div>
      <Switch
        id={htmlId}
        aria-describedby={`${htmlId}-hint`}
        checked={on}
        disabled={pending}
        onCheckedChange={change}
      />
    </div>
  );
}
