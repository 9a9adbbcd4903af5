import type { ReactNode } from 'react';
import { Brand } from '@/components/shell/brand.tsx';
import { ThemeSwitch } from '@/components/theme-switch.tsx';

export default function AuthLayout({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex items-center justify-between px-5 py-3.5">
        <Brand />
        <ThemeSwitch />
      </header>
      <main id="main" className="flex flex-1 flex-col items-center px-4 pt-[min(12vh,8rem)] pb-12">
        <div className="w-full max-w-sm rounded-xl border bg-surface p-6 shadow-floating">{children}</div>
      </main>
    </div>
  );
}
