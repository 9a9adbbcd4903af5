import { ChevronDown } from 'lucide-react';
import { useState } from 'react';
import type { OpenedMessage, Person } from '#server/webmail/types.ts';
import { cn } from '@/components/class-names.ts';
import { Avatar } from '@/components/ui/avatar.tsx';
import { formatBytes } from '@/format.ts';
import { formatFullDate, formatListDate, formatPerson, listNames, personName } from '../format.ts';

/** Who wrote to whom and when; the whole of it on request. */
export function MessageHeader({ message }: { message: OpenedMessage }) {
  const [expanded, setExpanded] = useState(false);
  const [from] = message.from;
  const everyone = [...message.to, ...message.cc, ...message.bcc];
  return (
    <div className="mb-5">
      <div className="flex items-start gap-3">
        <Avatar name={personName(from)} className="mt-0.5 size-9 text-sm" />
        <div className="min-w-0 flex-1">
          <div className="flex items-baseline gap-2">
            <p className="min-w-0 truncate" dir="auto">
              <span className="font-semibold">{personName(from)}</span>
              {from?.name && <span className="text-muted-foreground text-sm max-sm:hidden"> {from.address}</span>}
            </p>
            <time
              dateTime={message.date}
              title={formatFullDate(message.date)}
              className="ml-auto shrink-0 text-muted-foreground text-sm"
            >
              {formatListDate(message.date, new Date())}
            </time>
          </div>
          <button
            type="button"
            onClick={() => setExpanded(!expanded)}
            aria-expanded={expanded}
            className="flex max-w-full items-center gap-1 rounded-sm text-muted-foreground text-sm hover:text-foreground"
          >
            <span className="truncate" dir="auto">
              to {listNames(everyone) || 'nobody named'}
            </span>
            <ChevronDown
              className={cn('size-3.5 shrink-0 transition-transform', expanded && 'rotate-180')}
              aria-hidden
            />
            <span className="sr-only">Details</span>
          </button>
        </div>
      </div>
      {expanded && <HeaderDetails message={message} />}
    </div>
  );
}

function HeaderDetails({ message }: { message: OpenedMessage }) {
  const rows: [string, string][] = [
    ['From', joinPeople(message.from)],
    ['Reply to', sameAddresses(message.replyTo, message.from) ? '' : joinPeople(message.replyTo)],
    ['To', joinPeople(message.to)],
    ['Cc', joinPeople(message.cc)],
    ['Bcc', joinPeople(message.bcc)],
    ['Date', formatFullDate(message.date)],
    ['Size', formatBytes(message.sizeBytes)],
  ];
  return (
    <dl className="mt-3 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 rounded-lg bg-muted/60 p-3 text-sm">
      {rows
        .filter(([, value]) => value !== '')
        .map(([name, value]) => (
          <div key={name} className="col-span-2 grid grid-cols-subgrid">
            <dt className="text-muted-foreground">{name}</dt>
            <dd className="min-w-0 break-words" dir="auto">
              {value}
            </dd>
          </div>
        ))}
    </dl>
  );
}

function joinPeople(people: readonly Person[]): string {
  return people.map(formatPerson).join(', ');
}

function sameAddresses(a: readonly Person[], b: readonly Person[]): boolean {
  return a.length === b.length && a.every(({ address }, index) => address === b[index]?.address);
}
