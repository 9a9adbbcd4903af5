import type { ReactNode } from 'react';
import { navigationFor } from '@/navigation.ts';
import type { Operator } from '@/session.ts';
import { CommandPalette } from '../command-palette.tsx';
import { ThemeSwitch } from '../theme-switch.tsx';
import { AccountMenu } from './account-menu.tsx';
import { Brand } from './brand.tsx';
import { MobileNav } from './mobile-nav.tsx';
import { PanelNav } from './panel-nav.tsx';
import { SkipLink } from './skip-link.tsx';

const ROLE_NAMES = { admin: 'Admin', reseller: 'Reseller', 'domain-owner': 'Domain owner' } as const;

export function PanelShell({ actor, children }: { actor: Operator; children: ReactNode }) {
  const groups = navigationFor(actor.kind);
  return (
    <div className="grid min-h-dvh md:grid-cols-[14rem_minmax(0,1fr)]">
      <SkipLink />
      <aside className="sticky top-0 flex h-dvh flex-col border-r bg-sidebar max-md:hidden">
        <div className="px-5 py-3.5">
          <Brand href="/panel" />
        </div>
        <PanelNav groups={groups} />
        <p className="px-5 py-3 text-muted-foreground text-xs">{ROLE_NAMES[actor.kind]}</p>
      </aside>
      <div className="flex min-w-0 flex-col">
        <header className="sticky top-0 z-30 flex h-13 items-center gap-2 border-b bg-background/90 px-3 backdrop-blur md:px-6">
          <MobileNav title="Mailstead">
            <PanelNav groups={groups} />
          </MobileNav>
          <CommandPalette groups={groups} />
          <div className="ml-auto flex items-center gap-1">
            <ThemeSwitch />
            <AccountMenu label={actor.label} role={ROLE_NAMES[actor.kind]} accountHref="/panel/account" />
          </div>
        </header>
        <main id="main" tabIndex={-1} className="mx-auto w-full max-w-7xl flex-1 px-3 py-5 outline-none md:px-6">
          {children}
        </main>
      </div>
    </div>
  );
}
