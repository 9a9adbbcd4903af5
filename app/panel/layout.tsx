import type { ReactNode } from 'react';
import { PanelShell } from '@/components/shell/panel-shell.tsx';
import { requireOperator } from '@/session.ts';

export default async function PanelLayout({ children }: { children: ReactNode }) {
  const actor = await requireOperator('/panel');
  return <PanelShell actor={actor}>{children}</PanelShell>;
}
