import { Pause, Play, Trash2 } from 'lucide-react';
import { BulkBar } from '../data-table/bulk-bar.tsx';
import { BulkDeed } from './bulk-deed.tsx';
import type { DeedProps } from './deed-props.ts';

interface BulkStateDeedsProps {
  suspend: DeedProps['action'];
  resume: DeedProps['action'];
  remove: DeedProps['action'];
  restore: DeedProps['action'];
  /** Said when they are gone; the number stands before it. */
  removed: string;
  /** Asked before they go; nothing is asked without it. */
  confirm?: DeedProps['confirm'];
}

/** What can be done to rows that are active or suspended, and can be restored. */
export function BulkStateDeeds({ suspend, resume, remove, restore, removed, confirm }: BulkStateDeedsProps) {
  return (
    <BulkBar>
      <BulkDeed label="Suspend" icon={<Pause aria-hidden />} action={suspend} undo={resume} done="suspended." />
      <BulkDeed label="Resume" icon={<Play aria-hidden />} action={resume} done="resumed." />
      <BulkDeed
        label="Delete"
        destructive
        icon={<Trash2 aria-hidden />}
        action={remove}
        undo={restore}
        done={removed}
        confirm={confirm}
      />
    </BulkBar>
  );
}
