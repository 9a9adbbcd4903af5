/** The open message and its neighbours: opening, going on, answering, and what becomes of the view when it is filed. */
import { useEffect, useRef } from 'react';
import type { FolderRole, MessageRow } from '#server/webmail/types.ts';
import type { Compose } from '../compose/use-compose.ts';
import { goTo, type MailPlace } from './location.ts';
import type { FileAction, MailActions } from './use-actions.ts';
import type { MessageList } from './use-message-list.ts';
import type { Selection } from './use-selection.ts';

export type AnswerMode = 'reply' | 'reply-all' | 'forward';

export interface Reader {
  uid: number | null;
  /** Row the open message stands in; -1 when it is not in sight. */
  index: number;
  open: (row: MessageRow) => void;
  step: (by: 1 | -1) => void;
  close: () => void;
  /** Selected messages, else the open one. */
  targets: readonly number[];
  file: (action: FileAction) => void;
  move: (target: string) => void;
  mark: (mark: 'seen' | 'flagged', on: boolean) => void;
  toggleFlag: () => void;
  answer: (mode: AnswerMode) => void;
}

interface ReaderOptions {
  place: MailPlace;
  list: MessageList;
  selection: Selection;
  actions: MailActions;
  role: FolderRole | null;
  compose: Compose;
}

const WIDE = '(min-width: 48rem)';

export function useOpenMessage({ place, list, selection, actions, role, compose }: ReaderOptions): Reader {
  const { folder, uid } = place;
  const index = uid === null ? -1 : list.indexOf(uid);
  const row = index === -1 ? undefined : list.rowAt(index);
  useSeenOnOpening(place, row, actions);

  const open = (target: MessageRow): void => {
    if (role === 'drafts' || target.draft) compose.reopen({ folder, uid: target.uid });
    else goTo({ ...place, uid: target.uid });
  };
  const close = (): void => goTo({ ...place, uid: null });
  const step = (by: 1 | -1): void => {
    const next = list.rowAt(index === -1 && by === -1 ? 0 : index + by);
    if (next && role !== 'drafts') goTo({ ...place, uid: next.uid }, uid === null ? 'push' : 'replace');
  };
  const targets = selection.uids.size > 0 ? [...selection.uids] : uid === null ? [] : [uid];

  /** The next message takes the place of the one that goes; on a narrow screen the list does. */
  const leave = (gone: readonly number[]): void => {
    selection.clear();
    if (uid === null || !gone.includes(uid)) return;
    const next = window.matchMedia(WIDE).matches ? (list.rowAt(index + 1) ?? list.rowAt(index - 1)) : undefined;
    goTo({ ...place, uid: next && !gone.includes(next.uid) ? next.uid : null }, 'replace');
  };
  const withTargets = (run: (uids: readonly number[]) => void): void => {
    if (targets.length === 0) return;
    leave(targets);
    run(targets);
  };

  return {
    uid,
    index,
    open,
    step,
    close,
    targets,
    file: (action) => withTargets((uids) => actions.file(folder, uids, action)),
    move: (target) => withTargets((uids) => actions.move(folder, uids, target)),
    mark: (mark, on) => {
      if (targets.length > 0) actions.mark(folder, targets, mark, on);
    },
    toggleFlag: () => {
      const [first] = targets;
      const shown = first === undefined ? undefined : list.rowAt(list.indexOf(first));
      if (shown) actions.mark(folder, targets, 'flagged', !shown.flagged);
    },
    answer: (mode) => {
      if (uid !== null) compose.answer({ folder, uid }, mode);
    },
  };
}

/** Once per opening: marking it unread while it is open leaves it unread. */
function useSeenOnOpening({ folder, uid }: MailPlace, row: MessageRow | undefined, actions: MailActions): void {
  const handled = useRef('');
  const seen = row?.seen;
  useEffect(() => {
    const key = `${folder}\n${uid}`;
    if (uid === null) handled.current = '';
    if (uid === null || seen === undefined || handled.current === key) return;
    handled.current = key;
    if (!seen) actions.mark(folder, [uid], 'seen', true);
  }, [folder, uid, seen, actions]);
}
