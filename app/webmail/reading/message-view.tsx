import { Forward, Reply, ReplyAll, Star } from 'lucide-react';
import { useState } from 'react';
import type { OpenedMessage } from '#server/webmail/types.ts';
import { cn } from '@/components/class-names.ts';
import { Button } from '@/components/ui/button.tsx';
import { useAccount } from '../data/account.tsx';
import type { MailActions } from '../data/use-actions.ts';
import type { Reader } from '../data/use-open-message.ts';
import { AttachmentList } from './attachment-list.tsx';
import { MessageFrame } from './message-frame.tsx';
import { MessageHeader } from './message-header.tsx';
import { RemoteImagesBanner } from './remote-images-banner.tsx';

interface MessageViewProps {
  message: OpenedMessage;
  reader: Reader;
  actions: MailActions;
  onKey: (event: KeyboardEvent) => void;
}

export function MessageView({ message, reader, actions, onKey }: MessageViewProps) {
  const { preferences } = useAccount();
  const [images, setImages] = useState(preferences.remoteImages === 'always');
  const [blocked, setBlocked] = useState(0);
  const listed = message.attachments.filter(({ inline }) => !inline);
  const star = (): void => actions.mark(message.folder, [message.uid], 'flagged', !message.flagged);
  return (
    <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain">
      <div className="mx-auto max-w-4xl px-4 pt-5 pb-16 lg:px-8">
        <div className="mb-4 flex items-start gap-2">
          <h2 className="min-w-0 flex-1 text-balance break-words font-semibold text-xl" dir="auto">
            {message.subject || '(no subject)'}
          </h2>
          <Button
            variant="ghost"
            size="icon"
            aria-label="Star"
            aria-pressed={message.flagged}
            onClick={star}
            className={cn(message.flagged && 'text-amber-600 dark:text-amber-400')}
          >
            <Star className={cn(message.flagged && 'fill-current')} aria-hidden />
          </Button>
        </div>
        <MessageHeader message={message} />
        {listed.length > 0 && <AttachmentList message={message} attachments={listed} />}
        {blocked > 0 && !images && <RemoteImagesBanner count={blocked} onShow={() => setImages(true)} />}
        <MessageFrame message={message} images={images} onBlocked={setBlocked} onKey={onKey} />
        <div className="mt-8 flex flex-wrap gap-2">
          <Button variant="secondary" onClick={() => reader.answer('reply')}>
            <Reply aria-hidden /> Reply
          </Button>
          {message.to.length + message.cc.length > 1 && (
            <Button variant="secondary" onClick={() => reader.answer('reply-all')}>
              <ReplyAll aria-hidden /> Reply to all
            </Button>
          )}
          <Button variant="secondary" onClick={() => reader.answer('forward')}>
            <Forward aria-hidden /> Forward
          </Button>
        </div>
      </div>
    </div>
  );
}
