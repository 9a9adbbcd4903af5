import { ArrowDown, ArrowUp, ChevronsUpDown } from 'lucide-react';
import Link from 'next/link';
import { withParams } from '@/list-params.ts';
import { cn } from '../class-names.ts';
import { TableHead } from '../ui/table.tsx';
import type { TableState } from './table-state.ts';

interface SortHeaderProps {
  column: { header: string; sort?: string; hideHeader?: boolean };
  state: TableState;
  className: string;
}

const ARIA_SORT = { asc: 'ascending', desc: 'descending' } as const;
const ICONS = { asc: ArrowUp, desc: ArrowDown } as const;

/** A column's head; where the list can be sorted by it, a link that sorts by it or turns the order round. */
export function SortHeader({ column, state, className }: SortHeaderProps) {
  if (column.sort === undefined) {
    return (
      <TableHead className={className}>
        {column.hideHeader ? <span className="sr-only">{column.header}</span> : column.header}
      </TableHead>
    );
  }
  const { sort, direction } = state.params;
  const active = sort === column.sort;
  const next = active && direction === 'asc' ? 'desc' : 'asc';
  const Icon = active ? ICONS[direction] : ChevronsUpDown;
  return (
    <TableHead aria-sort={active ? ARIA_SORT[direction] : 'none'} className={className}>
      <Link
        prefetch={false}
        href={withParams(state.query, { sort: column.sort, dir: next })}
        scroll={false}
        className={cn(
          '-mx-1 inline-flex items-center gap-1 rounded-sm px-1 hover:text-foreground',
          active && 'text-foreground',
        )}
      >
        {column.header}
        <Icon className={cn('size-3.5', !active && 'opacity-55')} aria-hidden />
      </Link>
    </TableHead>
  );
}
