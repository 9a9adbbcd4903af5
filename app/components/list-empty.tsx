import { type LucideIcon, SearchX } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { Button } from './ui/button.tsx';
import { EmptyState } from './ui/empty-state.tsx';

interface ListEmptyProps {
  /** Whether a search or filter is why nothing is there. */
  filtered: boolean;
  /** The list without search and filters. */
  clear: string;
  icon: LucideIcon;
  title: string;
  action?: ReactNode;
  children: ReactNode;
}

/** An empty list: nothing there yet, or nothing that matches. */
export function ListEmpty({ filtered, clear, icon, title, action, children }: ListEmptyProps) {
  if (!filtered) {
    return (
      <EmptyState icon={icon} title={title} action={action}>
        {children}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={SearchX}
      title="Nothing matches"
      action={
        <Button variant="secondary" asChild>
          <Link href={clear}>Clear search and filters</Link>
        </Button>
      }
    >
      Try fewer letters, or look on another page of the list.
    </EmptyState>
  );
}
