import { ChevronsUpDown, Keyboard, LogOut, Moon, Settings, ShieldCheck, Sun } from 'lucide-react';
import Link from 'next/link';
import { signOut } from 'next-auth/react';
import { useTheme } from 'next-themes';
import { Avatar } from '@/components/ui/avatar.tsx';
import {
  DropdownMenu,
  DropdownMenuContent,
  DropdownMenuItem,
  DropdownMenuSeparator,
  DropdownMenuShortcut,
  DropdownMenuTrigger,
} from '@/components/ui/dropdown-menu.tsx';
import { useAccount } from '../data/account.tsx';

interface AccountMenuProps {
  onSettings: () => void;
  onShortcuts: () => void;
}

export function AccountMenu({ onSettings, onShortcuts }: AccountMenuProps) {
  const { account } = useAccount();
  const { resolvedTheme, setTheme } = useTheme();
  return (
    <DropdownMenu>
      <DropdownMenuTrigger className="flex w-full items-center gap-2.5 rounded-md p-1.5 text-left hover:bg-sidebar-accent/60">
        <Avatar name={account.name || account.address} />
        <span className="min-w-0 flex-1">
          {account.name && <span className="block truncate font-medium text-foreground text-sm">{account.name}</span>}
          <span className="block truncate text-xs">{account.address}</span>
        </span>
        <ChevronsUpDown className="size-4 shrink-0" aria-hidden />
        <span className="sr-only">Account menu</span>
      </DropdownMenuTrigger>
      <DropdownMenuContent align="start" side="top" className="w-52">
        <DropdownMenuItem onSelect={onSettings}>
          <Settings aria-hidden /> Settings
        </DropdownMenuItem>
        <DropdownMenuItem asChild>
          <Link href="/webmail/security">
            <ShieldCheck aria-hidden /> Security
          </Link>
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={onShortcuts}>
          <Keyboard aria-hidden /> Keyboard shortcuts <DropdownMenuShortcut>?</DropdownMenuShortcut>
        </DropdownMenuItem>
        <DropdownMenuItem onSelect={() => setTheme(resolvedTheme === 'dark' ? 'light' : 'dark')}>
          {resolvedTheme === 'dark' ? <Sun aria-hidden /> : <Moon aria-hidden />}
          {resolvedTheme === 'dark' ? 'Light theme' : 'Dark theme'}
        </DropdownMenuItem>
        <DropdownMenuSeparator />
        <DropdownMenuItem onSelect={() => void signOut({ callbackUrl: '/sign-in' })}>
          <LogOut aria-hidden /> Sign out
        </DropdownMenuItem>
      </DropdownMenuContent>
    </DropdownMenu>
  );
}
