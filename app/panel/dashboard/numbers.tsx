import { AtSign, Forward, Globe, HardDrive, type LucideIcon } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { Dashboard } from '#server/dashboard/get-dashboard.ts';
import { formatBytes, formatCount, plural } from '@/format.ts';

interface NumberCardProps {
  icon: LucideIcon;
  name: string;
  value: string;
  /** Small print. */
  children: ReactNode;
  href?: string;
}

function NumberCard({ icon: Icon, name, value, children, href }: NumberCardProps) {
  return (
    <li className="relative rounded-lg border bg-surface px-4 py-3 shadow-raised has-[a:hover]:border-ring/60">
      <p className="flex items-center justify-between text-muted-foreground text-sm">
        {href ? (
          <Link href={href} prefetch={false} className="rounded-sm after:absolute after:inset-0 after:rounded-lg">
            {name}
          </Link>
        ) : (
          name
        )}
        <Icon className="size-4" aria-hidden />
      </p>
      <p className="mt-1 font-semibold text-2xl tabular-nums tracking-tight">{value}</p>
      <p className="text-muted-foreground text-xs">{children}</p>
    </li>
  );
}

function ofLimit(limit: number | null, otherwise: string): string {
  return limit === null ? otherwise : `of ${formatCount(limit)} allowed`;
}

export function Numbers({ dashboard }: { dashboard: Dashboard }) {
  const { domains, accounts, aliases, messages, usedBytes, limits } = dashboard;
  const troubled = [
    accounts.suspended > 0 && `${formatCount(accounts.suspended)} suspended`,
    accounts.nearlyFull > 0 && `${formatCount(accounts.nearlyFull)} nearly full`,
  ].filter(Boolean);
  return (
    <ul className="grid grid-cols-2 gap-3 lg:grid-cols-4">
      <NumberCard icon={Globe} name="Domains" value={formatCount(domains.total)} href="/panel/domains">
        {domains.suspended > 0
          ? `${formatCount(domains.suspended)} suspended`
          : ofLimit(limits.maxDomains, 'all active')}
      </NumberCard>
      <NumberCard icon={AtSign} name="Mailboxes" value={formatCount(accounts.total)} href="/panel/mailboxes">
        {troubled.length > 0 ? troubled.join(', ') : ofLimit(limits.maxAccounts, 'all in order')}
      </NumberCard>
      <NumberCard icon={Forward} name="Aliases" value={formatCount(aliases)}>
        further addresses
      </NumberCard>
      <NumberCard icon={HardDrive} name="Mail" value={formatBytes(usedBytes)}>
        in {plural(messages, 'message')}
      </NumberCard>
    </ul>
  );
}
