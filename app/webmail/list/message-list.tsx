import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { FolderRole } from '#server/webmail/types.ts';
import { useAccount } from '../data/account.tsx';
import type { MailActions } from '../data/use-actions.ts';
import type { MessageList as MessageListData } from '../data/use-message-list.ts';
import type { Reader } from '../data/use-open-message.ts';
import type { Selection } from '../data/use-selection.ts';
import { MessageRow, SkeletonRow } from './message-row.tsx';

const ROW_HEIGHT = { comfortable: 82, compact: 56 } as const;
const OVERSCAN = 8;
const CLOCK_MS = 60_000;

interface MessageListProps {
  list: MessageListData;
  role: FolderRole | null;
  selection: Selection;
  reader: Reader;
  actions: MailActions;
}

/** As many rows as fit, however many there are. */
export function MessageList({ list, role, selection, reader, actions }: MessageListProps) {
  const { density } = useAccount().preferences;
  const now = useClock();
  const scroller = useRef<HTMLDivElement>(null);
  const lastToggled = useRef(-1);
  const virtualizer = useVirtualizer({
    count: list.total,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT[density],
    overscan: OVERSCAN,
  });
  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const last = items.at(-1)?.index ?? 0;
  const { show } = list;
  useEffect(() => show(first, last), [show, first, last]);
  useEffect(() => {
    if (reader.index !== -1) virtualizer.scrollToIndex(reader.index, { align: 'auto' });
  }, [reader.index, virtualizer]);

  const select = (index: number, range: boolean): void => {
    const row = list.rowAt(index);
    if (!row) return;
    if (range && lastToggled.current !== -1) {
      const [from, to] = [Math.min(lastToggled.current, index), Math.max(lastToggled.current, index)];
      selection.add(
        Array.from({ length: to - from + 1 }, (_item, at) => list.rowAt(from + at)?.uid).filter(
          (uid) => uid !== undefined,
        ),
      );
    } else selection.toggle(row.uid);
    lastToggled.current = index;
  };

  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
      <ul className="relative" style={{ height: virtualizer.getTotalSize() }}>
        {items.map((item) => {
          const row = list.rowAt(item.index);
          const style = { height: item.size, transform: `translateY(${item.start}px)` };
          if (!row) return <SkeletonRow key={item.key} style={style} />;
          return (
            <MessageRow
              key={item.key}
              style={style}
              row={row}
              now={now}
              position={item.index + 1}
              total={list.total}
              compact={density === 'compact'}
              showRecipients={role === 'sent' || role === 'drafts'}
              open={reader.uid === row.uid}
              selected={selection.uids.has(row.uid)}
              selecting={selection.uids.size > 0}
              onOpen={() => reader.open(row)}
              onSelect={(range) => select(item.index, range)}
              onFlag={() => actions.mark(list.folder, [row.uid], 'flagged', !row.flagged)}
            />
          );
        })}
      </ul>
    </div>
  );
}

/** So that yesterday's times become dates while webmail stays open. */
function useClock(): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), CLOCK_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}
