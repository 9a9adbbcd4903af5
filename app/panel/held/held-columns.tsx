import { Pause, Play, Send, Trash2 } from 'lucide-react';
import Link from 'next/link';
import type { HeldView } from '#server/held-mail/held-mail-view.ts';
import { resumeAccountsAction, suspendAccountsAction } from '@/actions/accounts.ts';
import { deleteHeldAction, releaseHeldAction } from '@/actions/sending.ts';
import { DeedButton } from '@/components/act/deed-button.tsx';
import { RowMenu } from '@/components/act/row-menu.tsx';
import type { Column } from '@/components/data-table/data-table.tsx';
import { StateBadge } from '@/components/state-badge.tsx';
import { Time } from '@/components/time.tsx';
import { formatBytes, formatCount, plural } from '@/format.ts';

export const DELETE_HELD_CONFIRM = {
  title: 'Delete this held mail?',
  description:
    'It is not delivered and its sender is not told. This cannot be undone. The mailbox or domain stays held.',
  confirm: 'Delete held mail',
};

function holderCell(held: HeldView) {
  const { id, name, reason, messages, suspendedAt } = held;
  return (
    <div className="min-w-0 max-w-xl">
      <p className="flex flex-wrap items-center gap-2">
        <Link href={`/panel/held/${id}`} prefetch={false} className="wrap-anywhere font-medium hover:underline">
          {name}
        </Link>
        {suspendedAt !== null && <StateBadge suspendedAt={suspendedAt} />}
      </p>
      <p className="break-words text-warning text-xs">{reason}</p>
      <p className="text-muted-foreground text-xs md:hidden">{plural(messages, 'message')}</p>
    </div>
  );
}

export function ReleaseButton({ held: { id, kind, name, messages, mayRelease } }: { held: HeldView }) {
  if (!mayRelease) return <span className="text-muted-foreground text-xs">Ask your host to release it</span>;
  return (
    <DeedButton
      ids={[id]}
      size="sm"
      label={messages > 0 ? 'Release' : `Let it ${kind === 'account' ? 'send' : 'forward'} again`}
      icon={<Send aria-hidden />}
      action={releaseHeldAction}
      done={`${name}: released.`}
    />
  );
}

export function HeldMenu({ held: { id, kind, address, name, suspendedAt } }: { held: HeldView }) {
  const suspend = {
    label: 'Suspend mailbox',
    icon: <Pause aria-hidden />,
    action: suspendAccountsAction,
    undo: resumeAccountsAction,
    done: `${address} suspended.`,
  };
  const resume = {
    label: 'Resume mailbox',
    icon: <Play aria-hidden />,
    action: resumeAccountsAction,
    done: `${address} resumed.`,
  };
  return (
    <RowMenu
      id={id}
      label={name}
      items={[
        ...(kind === 'account' ? [suspendedAt === null ? suspend : resume] : []),
        {
          label: 'Delete held mail',
          icon: <Trash2 aria-hidden />,
          destructive: true,
          action: deleteHeldAction,
          done: 'Held mail deleted.',
          confirm: DELETE_HELD_CONFIRM,
        },
      ]}
    />
  );
}

export const HELD_COLUMNS: readonly Column<HeldView>[] = [
  { id: 'address', header: 'Mailbox or domain', sort: 'address', cell: holderCell },
  {
    id: 'messages',
    header: 'Messages',
    sort: 'messages',
    align: 'right',
    show: 'wide',
    className: 'tabular-nums',
    cell: (row) => formatCount(row.messages),
  },
  {
    id: 'recipients',
    header: 'Recipients',
    align: 'right',
    show: 'wide',
    className: 'tabular-nums',
    cell: (row) => formatCount(row.recipients),
  },
  {
    id: 'size',
    header: 'Size',
    align: 'right',
    show: 'wide',
    className: 'whitespace-nowrap tabular-nums',
    cell: (row) => formatBytes(row.sizeBytes),
  },
  { id: 'since', header: 'Since', sort: 'heldAt', show: 'wide', cell: (row) => <Time at={row.heldAt} /> },
  {
    id: 'deeds',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: (row) => (
      <div className="flex items-center justify-end gap-1">
        <ReleaseButton held={row} />
        <HeldMenu held={row} />
      </div>
    ),
  },
];
