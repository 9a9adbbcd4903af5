'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { cn } from '@/components/class-names.ts';
import { ComposeWindow } from './compose/compose-window.tsx';
import { useCompose } from './compose/use-compose.ts';
import { useAccount } from './data/account.tsx';
import { goTo, useMailPlace } from './data/location.ts';
import { foldersQuery } from './data/queries.ts';
import { useActions } from './data/use-actions.ts';
import { useKeyboard } from './data/use-keyboard.ts';
import { useLiveMail } from './data/use-live-mail.ts';
import { useMessageList } from './data/use-message-list.ts';
import { useOpenMessage } from './data/use-open-message.ts';
import { useSelection } from './data/use-selection.ts';
import { folderName } from './folders/folder-icon.ts';
import { FolderPane, FolderSheet } from './folders/folder-pane.tsx';
import { ListPane } from './list/list-pane.tsx';
import { createKeyMap } from './mail-keys.ts';
import { ReadingPane } from './reading/reading-pane.tsx';
import { SettingsDialog } from './settings/settings-dialog.tsx';
import { ShortcutsDialog } from './shortcuts-dialog.tsx';

type Panel = 'none' | 'folders' | 'settings' | 'shortcuts';

/** The three panes, what is open in them, and the keys. On a narrow screen one pane at a time. */
export function MailShell() {
  const place = useMailPlace();
  const { account } = useAccount();
  const [panel, setPanel] = useState<Panel>('none');
  const folders = useQuery(foldersQuery());
  const list = useMessageList(place.folder, place.query);
  const selection = useSelection(`${place.folder}\n${place.query}`);
  const actions = useActions();
  const compose = useCompose();
  const current = folders.data?.find(({ path }) => path === place.folder);
  const reader = useOpenMessage({ place, list, selection, actions, role: current?.role ?? null, compose });

  useLiveMail({
    folder: place.folder,
    self: account.address,
    onOpen: (folder, uid) => goTo({ folder, uid, query: '' }),
  });
  useTitle(current ? folderName(current) : 'Mail', folders.data?.find(({ role }) => role === 'inbox')?.unseen ?? 0);
  const onKey = useKeyboard(
    createKeyMap({ place, reader, compose, actions, selection, showShortcuts: () => setPanel('shortcuts') }),
  );

  const closePanel = (open: boolean): void => setPanel((old) => (open ? old : 'none'));
  const folderProps = {
    folders,
    current: place.folder,
    onCompose: compose.openNew,
    onSettings: () => setPanel('settings'),
    onShortcuts: () => setPanel('shortcuts'),
  };
  const reading = place.uid !== null;
  return (
    <div className="flex h-dvh overflow-hidden bg-background">
      <FolderPane {...folderProps} />
      <FolderSheet {...folderProps} open={panel === 'folders'} onOpenChange={closePanel} />
      <main className="flex min-w-0 flex-1">
        <h1 className="sr-only">{current ? folderName(current) : 'Mail'}, webmail</h1>
        <div className={cn('w-full min-w-0 md:w-[22rem] md:shrink-0 xl:w-[26rem]', reading && 'max-md:hidden')}>
          <ListPane
            place={place}
            folder={current}
            folders={folders.data ?? []}
            list={list}
            selection={selection}
            reader={reader}
            actions={actions}
            onMenu={() => setPanel('folders')}
            onCompose={compose.openNew}
          />
        </div>
        <div className={cn('min-w-0 flex-1 border-l', !reading && 'max-md:hidden')}>
          <ReadingPane
            place={place}
            folder={current}
            folders={folders.data ?? []}
            reader={reader}
            actions={actions}
            onKey={onKey}
          />
        </div>
      </main>
      {compose.window && <ComposeWindow key={compose.window.key} compose={compose} open={compose.window} />}
      <SettingsDialog open={panel === 'settings'} onOpenChange={closePanel} />
      <ShortcutsDialog open={panel === 'shortcuts'} onOpenChange={closePanel} />
    </div>
  );
}

function useTitle(name: string, unseen: number): void {
  useEffect(() => {
    document.title = `${unseen > 0 ? `(${unseen}) ` : ''}${name} · Mailstead`;
  }, [name, unseen]);
}
