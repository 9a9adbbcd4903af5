'use client';

import { Plus } from 'lucide-react';
import Link from 'next/link';
import { Button } from '@/components/ui/button.tsx';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu.tsx';
import { KIND_NAMES, KINDS } from './address-kinds.ts';

/** Opens the dialog of the kind that is chosen. */
export function AddAddressMenu({ path }: { path: string }) {
  return (
    <DropdownMenu>
      <DropdownMenuTrigger asChild>
        <Button>
          <Plus aria-hidden />
          Add address
        </Button>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="end" className="max-w-72">
        {KIND_NAMES.map((kind) => {
          const { label, about, icon: Icon } = KINDS[kind];
          return (
            <DropdownMenuItem key={kind} asChild>
              <Link href={`${path}?new=${kind}`} scroll={false}>
                <Icon aria-hidden />
                <span>
                  <span className="block">{label}</span>
                  <span className="block text-muted-foreground text-xs">{about}</span>
                </span>
              </Link>
            </DropdownMenuItem>
          );
        })}
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
