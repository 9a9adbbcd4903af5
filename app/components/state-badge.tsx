import { Badge } from './ui/badge.tsx';

/** Suspended or active, of a domain, a mailbox or a person. */
export function StateBadge({ suspendedAt }: { suspendedAt: string | null }) {
  return suspendedAt === null ? <Badge variant="success">Active</Badge> : <Badge variant="warning">Suspended</Badge>;
}
