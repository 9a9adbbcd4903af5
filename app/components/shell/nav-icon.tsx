import {
  AtSign,
  Cable,
  CircleUserRound,
  FileKey2,
  Gauge,
  Globe,
  ListChecks,
  type LucideIcon,
  OctagonPause,
  ScrollText,
  Send,
  ShieldBan,
  SlidersHorizontal,
  Trash2,
  Users,
} from 'lucide-react';
import type { NavigationIcon } from '@/navigation.ts';

const ICONS: Readonly<Record<NavigationIcon, LucideIcon>> = {
  dashboard: Gauge,
  domains: Globe,
  mailboxes: AtSign,
  people: Users,
  queue: Send,
  held: OctagonPause,
  access: ListChecks,
  bans: ShieldBan,
  connections: Cable,
  certificates: FileKey2,
  deleted: Trash2,
  audit: ScrollText,
  settings: SlidersHorizontal,
  account: CircleUserRound,
};

export function NavIcon({ icon }: { icon: NavigationIcon }) {
  const Icon = ICONS[icon];
  return <Icon className="size-4 shrink-0" aria-hidden />;
}
