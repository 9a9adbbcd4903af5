/** The keys and what they do, as in Gmail; `shortcuts-dialog.tsx` shows them. */
import type { Compose } from './compose/use-compose.ts';
import { goTo, type MailPlace } from './data/location.ts';
import type { MailActions } from './data/use-actions.ts';
import type { KeyMap } from './data/use-keyboard.ts';
import type { Reader } from './data/use-open-message.ts';
import type { Selection } from './data/use-selection.ts';

interface KeyTargets {
  place: MailPlace;
  reader: Reader;
  compose: Compose;
  actions: MailActions;
  selection: Selection;
  showShortcuts: () => void;
}

export const SEARCH_BOX_ID = 'mail-search';

export const SHORTCUTS: readonly { title: string; keys: readonly [keys: string, what: string][] }[] = [
  {
    title: 'Going about',
    keys: [
      ['j', 'Next message'],
      ['k', 'Previous message'],
      ['o', 'Open the first message'],
      ['u', 'Back to the list'],
      ['/', 'Search'],
      ['Esc', 'Clear the selection, close'],
    ],
  },
  {
    title: 'Writing',
    keys: [
      ['c', 'New message'],
      ['r', 'Reply'],
      ['a', 'Reply to all'],
      ['f', 'Forward'],
      ['Ctrl Enter', 'Send'],
    ],
  },
  {
    title: 'Messages',
    keys: [
      ['e', 'Archive'],
      ['#', 'Delete'],
      ['!', 'Report as junk'],
      ['s', 'Star'],
      ['x', 'Select'],
      ['Shift I', 'Mark as read'],
      ['Shift U', 'Mark as unread'],
      ['z', 'Take back the last move'],
    ],
  },
];

export function createKeyMap({ place, reader, compose, actions, selection, showShortcuts }: KeyTargets): KeyMap {
  const openFirst = (): void => {
    if (reader.uid === null) reader.step(1);
  };
  const leave = (): void => {
    if (selection.uids.size > 0) selection.clear();
    else if (reader.uid !== null) reader.close();
    else if (place.query !== '') goTo({ ...place, query: '' });
  };
  const select = (): void => {
    if (reader.uid !== null) selection.toggle(reader.uid);
  };
  return new Map<string, () => void>([
    ['j', () => reader.step(1)],
    ['k', () => reader.step(-1)],
    ['o', openFirst],
    ['u', reader.close],
    ['/', () => document.getElementById(SEARCH_BOX_ID)?.focus()],
    ['Escape', leave],
    ['c', compose.openNew],
    ['r', () => reader.answer('reply')],
    ['a', () => reader.answer('reply-all')],
    ['f', () => reader.answer('forward')],
    ['e', () => reader.file('archive')],
    ['#', () => reader.file('delete')],
    ['Delete', () => reader.file('delete')],
    ['!', () => reader.file('junk')],
    ['s', reader.toggleFlag],
    ['x', select],
    ['I', () => reader.mark('seen', true)],
    ['U', () => reader.mark('seen', false)],
    ['z', () => void actions.undo()],
    ['?', showShortcuts],
  ]);
}
