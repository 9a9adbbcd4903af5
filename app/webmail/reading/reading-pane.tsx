import { useQuery } from '@tanstack/react-query';
import { MailOpen } from 'lucide-react';
import type { FolderInfo } from '#server/webmail/types.ts';
import { Button } from '@/components/ui/button.tsx';
import { ErrorState } from '@/components/ui/error-state.tsx';
import { Kbd } from '@/components/ui/kbd.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { errorMessage } from '../data/api.ts';
import type { MailPlace } from '../data/location.ts';
import { messageQuery } from '../data/queries.ts';
import type { MailActions } from '../data/use-actions.ts';
import type { Reader } from '../data/use-open-message.ts';
import { MessageView } from './message-view.tsx';
import { ReadingToolbar } from './reading-toolbar.tsx';

interface ReadingPaneProps {
  place: MailPlace;
  folder: FolderInfo | undefined;
  folders: readonly FolderInfo[];
  reader: Reader;
  actions: MailActions;
  onKey: (event: KeyboardEvent) => void;
}

export function ReadingPane({ place, folder, folders, reader, actions, onKey }: ReadingPaneProps) {
  const { uid } = place;
  if (uid === null) return <NothingOpen />;
  return (
    <article aria-label="Message" className="flex h-full flex-col bg-surface">
      <OpenMessage key={`${place.folder}\n${uid}`} uid={uid} {...{ place, folder, folders, reader, actions, onKey }} />
    </article>
  );
}

function OpenMessage({ uid, place, folder, folders, reader, actions, onKey }: ReadingPaneProps & { uid: number }) {
  const message = useQuery(messageQuery(place.folder, uid));
  return (
    <>
      <ReadingToolbar place={place} message={message.data} folder={folder} folders={folders} reader={reader} />
      {message.data && <MessageView message={message.data} reader={reader} actions={actions} onKey={onKey} />}
      {!message.data && message.isError && (
        <ErrorState
          title="This message cannot be shown"
          action={
            <Button variant="secondary" onClick={reader.close}>
              Back to the list
            </Button>
          }
        >
          {errorMessage(message.error)}
        </ErrorState>
      )}
      {message.isPending && <MessageSkeleton />}
    </>
  );
}

function MessageSkeleton() {
  return (
    <div className="space-y-4 p-6" role="status" aria-label="Loading the message">
      <Skeleton className="h-6 w-2/3" />
      <div className="flex gap-3">
        <Skeleton className="size-10 rounded-full" />
        <div className="flex-1 space-y-2">
          <Skeleton className="h-4 w-40" />
          <Skeleton className="h-4 w-56" />
        </div>
      </div>
      <Skeleton className="h-4 w-full" />
      <Skeleton className="h-4 w-5/6" />
    </div>
  );
}

function NothingOpen() {
  return (
    <div className="grid h-full place-items-center bg-background p-8 text-center">
      <div>
        <MailOpen className="mx-auto mb-3 size-8 text-muted-foreground/70" strokeWidth={1.5} aria-hidden />
        <p className="font-medium">No message open</p>
        <p className="mt-1 text-muted-foreground text-sm">
          <Kbd>j</Kbd> and <Kbd>k</Kbd> go through the list, <Kbd>?</Kbd> shows all keys.
        </p>
      </div>
    </div>
  );
}
