'use client';

import { Ellipsis } from 'lucide-react';
import Link from 'next/link';
import { type ReactNode, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { DropdownMenu, DropdownMenuContent, DropdownMenuItem, DropdownMenuTrigger } from '../ui/dropdown-menu.tsx';
import { Confirm } from './confirm.tsx';
import type { DeedProps } from './deed-props.ts';
import { useAct } from './use-act.ts';

interface MenuLink {
  label: string;
  icon: ReactNode;
  href: string;
}

interface MenuDeed extends DeedProps {
  icon: ReactNode;
  destructive?: boolean;
}

interface RowMenuProps {
  /** Names the row. */
  label: string;
  id: string;
  items: readonly (MenuLink | MenuDeed)[];
}

/** What can be done with one row. */
export function RowMenu({ label, id, items }: RowMenuProps) {
  const { pending, act } = useAct();
  const [asked, setAsked] = useState<MenuDeed>();

  function perform({ action, undo, done }: MenuDeed): void {
    act({ run: () => action([id]), undo: undo && ((data) => undo([id], data)), done });
  }

  return (
    <>
      <DropdownMenu>
        <DropdownMenuTrigger asChild>
          <Button variant="ghost" size="icon-sm" pending={pending} aria-label={`Actions for ${label}`}>
            {!pending && <Ellipsis aria-hidden />}
          </Button>
        </DropdownMenuTrigger>
        <DropdownMenuContent align="end">
          {items.map((item) =>
            'href' in item ? (
              <DropdownMenuItem key={item.label} asChild>
                <Link href={item.href} scroll={false}>
                  {item.icon} {item.label}
                </Link>
              </DropdownMenuItem>
            ) : (
              <DropdownMenuItem
                key={item.label}
                variant={item.destructive ? 'destructive' : 'default'}
                onSelect={() => (item.confirm ? setAsked(item) : perform(item))}
              >
                {item.icon} {item.label}
              </DropdownMenuItem>
            ),
          )}
        </DropdownMenuContent>
      </DropdownMenu>
      {asked?.confirm && (
        <Confirm
          text={asked.confirm}
          open
          onOpenChange={(open) => !open && setAsked(undefined)}
          onConfirm={() => perform(asked)}
        />
      )}
    </>
  );
}
