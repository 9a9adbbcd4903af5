import type { FolderInfo } from '#server/webmail/types.ts';
import type { MailPlace } from '../data/location.ts';
import type { MailActions } from '../data/use-actions.ts';
import type { MessageList as MessageListData } from '../data/use-message-list.ts';
import type { Reader } from '../data/use-open-message.ts';
import type { Selection } from '../data/use-selection.ts';
import { ListHeader } from './list-header.tsx';
import { ListStates } from './list-states.tsx';
import { MessageList } from './message-list.tsx';
import { SelectionBar } from './selection-bar.tsx';

interface ListPaneProps {
  place: MailPlace;
  folder: FolderInfo | undefined;
  folders: readonly FolderInfo[];
  list: MessageListData;
  selection: Selection;
  reader: Reader;
  actions: MailActions;
  onMenu: () => void;
  onCompose: () => void;
}

export function ListPane({
  place,
  folder,
  folders,
  list,
  selection,
  reader,
  actions,
  onMenu,
  onCompose,
}: ListPaneProps) {
  return (
    <section aria-label="Messages" className="flex h-full flex-col bg-surface">
      <ListHeader
        place={place}
        folder={folder}
        total={list.total}
        ready={list.state === 'ready'}
        onMenu={onMenu}
        onCompose={onCompose}
      />
      {selection.uids.size > 0 && (
        <SelectionBar list={list} folder={folder} folders={folders} selection={selection} reader={reader} />
      )}
      {list.state === 'ready' && list.total > 0 ? (
        <MessageList
          key={`${list.folder}\n${list.query}`}
          list={list}
          role={folder?.role ?? null}
          selection={selection}
          reader={reader}
          actions={actions}
        />
      ) : (
        <ListStates list={list} place={place} role={folder?.role ?? null} />
      )}
    </section>
  );
}
