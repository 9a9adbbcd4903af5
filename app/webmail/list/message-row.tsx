import { CornerUpLeft, CornerUpRight, Paperclip, Star } from 'lucide-react';
import type { CSSProperties, MouseEvent } from 'react';
import type { MessageRow as Row } from '#server/webmail/types.ts';
import { cn } from '@/components/class-names.ts';
import { Avatar } from '@/components/ui/avatar.tsx';
import { Checkbox } from '@/components/ui/checkbox.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { formatListDate, listNames, personName } from '../format.ts';

interface MessageRowProps {
  row: Row;
  style: CSSProperties;
  now: Date;
  position: number;
  total: number;
  compact: boolean;
  /** In Sent and Drafts it matters whom it is for. */
  showRecipients: boolean;
  open: boolean;
  selected: boolean;
  selecting: boolean;
  onOpen: () => void;
  onSelect: (range: boolean) => void;
  onFlag: () => void;
}

export function MessageRow(props: MessageRowProps) {
  const {
    row,
    style,
    now,
    position,
    total,
    compact,
    showRecipients,
    open,
    selected,
    selecting,
    onOpen,
    onSelect,
    onFlag,
  } = props;
  const who = showRecipients ? listNames(row.to, 2) || 'No recipients' : personName(row.from[0]);
  const click = (event: MouseEvent): void => {
    if (event.shiftKey || event.ctrlKey || event.metaKey) onSelect(event.shiftKey);
    else onOpen();
  };
  return (
    <li
      style={style}
      aria-posinset={position}
      aria-setsize={total}
      className={cn(
        'group absolute inset-x-0 top-0 flex gap-3 border-b px-3 py-2.5 hover:bg-muted/70',
        open && 'bg-accent hover:bg-accent',
        selected && 'bg-primary/10 hover:bg-primary/15',
      )}
    >
      {!row.seen && <span className="absolute inset-y-0 left-0 w-[3px] bg-primary" aria-hidden />}
      <SelectBox
        name={who}
        compact={compact}
        selected={selected}
        selecting={selecting}
        subject={row.subject}
        onSelect={onSelect}
      />
      {/* The whole row opens the message: the button reaches over all of it, below what can be pressed besides. */}
      <button
        type="button"
        onClick={click}
        aria-current={open ? 'true' : undefined}
        className="min-w-0 flex-1 cursor-default text-left outline-none after:absolute after:inset-0 focus-visible:after:outline-2 focus-visible:after:outline-ring focus-visible:after:-outline-offset-2"
      >
        <span className="flex items-baseline gap-2">
          <span className={cn('truncate text-sm', row.seen ? 'text-foreground/90' : 'font-semibold')} dir="auto">
            {who}
          </span>
          <span className="sr-only">{markWords(row)}</span>
          <RowMarks row={row} />
          <time
            className={cn(
              'ml-auto shrink-0 text-xs tabular-nums',
              row.seen ? 'text-muted-foreground' : 'font-semibold text-primary',
            )}
            dateTime={row.date}
          >
            {formatListDate(row.date, now)}
          </time>
        </span>
        <span
          className={cn('block truncate text-sm', row.seen ? 'text-foreground/80' : 'font-medium', compact && 'pr-6')}
          dir="auto"
        >
          {row.subject || '(no subject)'}
          {compact && row.preview && <span className="font-normal text-muted-foreground"> — {row.preview}</span>}
        </span>
        {!compact && (
          <span className="block truncate pr-6 text-muted-foreground text-sm" dir="auto">
            {row.preview}
          </span>
        )}
      </button>
      <button
        type="button"
        onClick={onFlag}
        aria-pressed={row.flagged}
        aria-label={`Star: ${row.subject || 'no subject'}`}
        className={cn(
          'absolute right-2 bottom-2 z-[1] grid size-6 place-items-center rounded-md text-muted-foreground hover:text-foreground',
          row.flagged
            ? 'text-amber-600 dark:text-amber-400'
            : 'opacity-0 focus-visible:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-60',
        )}
      >
        <Star className={cn('size-4', row.flagged && 'fill-current')} aria-hidden />
      </button>
    </li>
  );
}

/** What the eye sees by weight and icons, in words. */
function markWords(row: Row): string {
  const marks = [
    !row.seen && 'unread',
    row.flagged && 'starred',
    row.hasAttachments && 'with attachment',
    row.answered && 'answered',
    row.forwarded && 'forwarded',
  ];
  return marks.filter(Boolean).join(', ');
}

function RowMarks({ row }: { row: Row }) {
  return (
    <span className="flex shrink-0 items-center gap-1 self-center text-muted-foreground [&_svg]:size-3.5">
      {row.answered && <CornerUpLeft />}
      {row.forwarded && <CornerUpRight />}
      {row.hasAttachments && <Paperclip />}
    </span>
  );
}

interface SelectBoxProps {
  name: string;
  subject: string;
  compact: boolean;
  selected: boolean;
  selecting: boolean;
  onSelect: (range: boolean) => void;
}

/** Initials that become a box to tick when the row is pointed at. */
function SelectBox({ name, subject, compact, selected, selecting, onSelect }: SelectBoxProps) {
  return (
    <span
      className={cn('relative z-[1] grid shrink-0 place-items-center self-start', compact ? 'size-7' : 'mt-0.5 size-8')}
    >
      <Avatar
        name={name}
        className={cn(
          compact ? 'size-7' : 'size-8',
          'group-hover:invisible group-has-focus-visible:invisible',
          selecting && 'invisible',
        )}
      />
      <Checkbox
        checked={selected}
        onClick={(event) => {
          event.preventDefault();
          onSelect(event.shiftKey);
        }}
        aria-label={`Select: ${subject || 'no subject'}`}
        className={cn(
          'absolute opacity-0 focus-visible:opacity-100 group-has-focus-visible:opacity-100 group-hover:opacity-100',
          selecting && 'opacity-100',
        )}
      />
    </span>
  );
}

export function SkeletonRow({ style }: { style: CSSProperties }) {
  return (
    <li style={style} className="absolute inset-x-0 top-0 flex gap-3 border-b px-3 py-2.5" aria-hidden>
      <Skeleton className="size-8 rounded-full" />
      <div className="flex-1 space-y-1.5">
        <Skeleton className="h-3.5 w-1/3" />
        <Skeleton className="h-3.5 w-3/4" />
      </div>
    </li>
  );
}
