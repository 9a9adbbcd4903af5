'use client';

import { AtSign, Globe, Plus, Search } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import type { NavigationGroup } from '@/navigation.ts';
import { useFound } from './command-palette-search.ts';
import { NavIcon } from './shell/nav-icon.tsx';
import { Button } from './ui/button.tsx';
import { Command, CommandEmpty, CommandGroup, CommandInput, CommandItem, CommandList } from './ui/command.tsx';
import { Dialog, DialogContent, DialogDescription, DialogTitle } from './ui/dialog.tsx';
import { Kbd } from './ui/kbd.tsx';

const CREATE = [
  { href: '/panel/domains?new=1', label: 'Add a domain' },
  { href: '/panel/mailboxes?new=1', label: 'Add a mailbox' },
] as const;

const FOUND_ICONS = { domain: Globe, mailbox: AtSign } as const;

function matches(label: string, words: string): boolean {
  return label.toLowerCase().includes(words.trim().toLowerCase());
}

function useShortcut(toggle: () => void): void {
  useEffect(() => {
    function listen(event: KeyboardEvent): void {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey)
        return;
      event.preventDefault();
      toggle();
    }
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, [toggle]);
}

function Palette({ groups, go }: { groups: readonly NavigationGroup[]; go: (href: string) => void }) {
  const [words, setWords] = useState('');
  const { found, searching } = useFound(words);
  const pages = groups.flatMap((group) => group.items).filter((item) => matches(item.label, words));
  const create = CREATE.filter((item) => matches(item.label, words));
  return (
    <Command label="Go to" shouldFilter={false} loop>
      <CommandInput placeholder="Go to a page, find a domain or mailbox …" value={words} onValueChange={setWords} />
      <CommandList>
        <CommandEmpty>{searching ? 'Searching …' : 'Nothing is called that.'}</CommandEmpty>
        {found.length > 0 && (
          <CommandGroup heading="Found">
            {found.map((item) => {
              const Icon = FOUND_ICONS[item.kind];
              return (
                <CommandItem key={item.href} value={item.href} onSelect={() => go(item.href)}>
                  <Icon aria-hidden />
                  <span className="truncate">{item.label}</span>
                </CommandItem>
              );
            })}
          </CommandGroup>
        )}
        {pages.length > 0 && (
          <CommandGroup heading="Pages">
            {pages.map((item) => (
              <CommandItem key={item.href} value={item.href} onSelect={() => go(item.href)}>
                <NavIcon icon={item.icon} />
                {item.label}
              </CommandItem>
            ))}
          </CommandGroup>
        )}
        {create.length > 0 && (
          <CommandGroup heading="Create">
            {create.map((item) => (
              <CommandItem key={item.href} value={item.href} onSelect={() => go(item.href)}>
                <Plus aria-hidden />
                {item.label}
              </CommandItem>
            ))}
          </CommandGroup>
        )}
      </CommandList>
    </Command>
  );
}

/** Ctrl-K: go anywhere, make something, find a domain or mailbox. */
export function CommandPalette({ groups }: { groups: readonly NavigationGroup[] }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  useShortcut(() => setOpen((before) => !before));
  return (
    <>
      <Button
        variant="secondary"
        className="min-w-0 max-w-72 flex-1 justify-start font-normal text-muted-foreground shadow-none"
        aria-keyshortcuts="Control+K"
        onClick={() => setOpen(true)}
      >
        <Search aria-hidden />
        <span className="truncate">Go to or find …</span>
        <Kbd className="ml-auto max-sm:hidden">Ctrl K</Kbd>
      </Button>
      <Dialog open={open} onOpenChange={setOpen}>
        <DialogContent className="max-w-xl overflow-hidden p-0 [&>button]:hidden">
          <DialogTitle className="sr-only">Go to or find</DialogTitle>
          <DialogDescription className="sr-only">Type to filter, arrows to choose, Enter to go.</DialogDescription>
          <Palette
            groups={groups}
            go={(href) => {
              setOpen(false);
              router.push(href);
            }}
          />
        </DialogContent>
      </Dialog>
    </>
  );
}
