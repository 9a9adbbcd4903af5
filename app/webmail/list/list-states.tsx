import { FilePen, Inbox, type LucideIcon, OctagonAlert, SearchX, Send, Sparkles, Trash2 } from 'lucide-react';
import type { FolderRole } from '#server/webmail/types.ts';
import { Button } from '@/components/ui/button.tsx';
import { EmptyState } from '@/components/ui/empty-state.tsx';
import { ErrorState } from '@/components/ui/error-state.tsx';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { errorMessage } from '../data/api.ts';
import { goTo, type MailPlace } from '../data/location.ts';
import type { MessageList } from '../data/use-message-list.ts';

const EMPTY: Partial<Record<FolderRole, { icon: LucideIcon; title: string; text: string }>> = {
  inbox: { icon: Sparkles, title: 'No messages', text: 'New mail appears here by itself.' },
  drafts: { icon: FilePen, title: 'No drafts', text: 'What you begin to write is kept here until you send it.' },
  sent: { icon: Send, title: 'Nothing sent yet', text: 'Copies of what you send are kept here.' },
  junk: { icon: OctagonAlert, title: 'No junk', text: 'Messages you report with ! come here.' },
  trash: { icon: Trash2, title: 'Trash is empty', text: 'Deleted messages wait here until you empty it.' },
};
const EMPTY_FOLDER = { icon: Inbox, title: 'No messages', text: 'Nothing has been put into this folder.' };

interface ListStatesProps {
  list: MessageList;
  place: MailPlace;
  role: FolderRole | null;
}

/** What stands in the list's place while there are no rows. */
export function ListStates({ list, place, role }: ListStatesProps) {
  if (list.state === 'loading') return <ListSkeleton />;
  if (list.state === 'failed') {
    return (
      <ErrorState title="The messages could not be read" action={<Button onClick={list.reload}>Try again</Button>}>
        {errorMessage(list.error)}
      </ErrorState>
    );
  }
  if (place.query !== '') {
    return (
      <EmptyState
        icon={SearchX}
        title="No message matches"
        action={
          <Button variant="secondary" onClick={() => goTo({ ...place, query: '' })}>
            Show all messages
          </Button>
        }
      >
        Only this folder was searched.
      </EmptyState>
    );
  }
  const { icon, title, text } = (role && EMPTY[role]) ?? EMPTY_FOLDER;
  return (
    <EmptyState icon={icon} title={title}>
      {text}
    </EmptyState>
  );
}

function ListSkeleton() {
  return (
    <div className="space-y-px p-3" role="status" aria-label="Loading messages">
      {['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key) => (
        <div key={key} className="flex gap-3 py-2.5">
          <Skeleton className="size-8 rounded-full" />
          <div className="flex-1 space-y-1.5">
            <Skeleton className="h-3.5 w-1/3" />
            <Skeleton className="h-3.5 w-3/4" />
            <Skeleton className="h-3 w-full" />
          </div>
        </div>
      ))}
    </div>
  );
}
