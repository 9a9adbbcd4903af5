/** New mail and changes as they happen: server-sent events become fresh lists, a toast and a number in the title. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import type { MailEvent } from '#server/webmail/events/watch-folders.ts';
import { keys } from './queries.ts';

interface LiveMailOptions {
  folder: string;
  self: string;
  onOpen: (folder: string, uid: number) => void;
}

function announce(event: Extract<MailEvent, { type: 'arrived' }>, { self, onOpen }: LiveMailOptions): void {
  if (event.folder !== 'INBOX') return;
  for (const message of event.messages) {
    const [from] = message.from;
    if (message.seen || from?.address.toLowerCase() === self.toLowerCase()) continue;
    toast(from?.name || from?.address || 'New message', {
      description: message.subject || '(no subject)',
      action: { label: 'Open', onClick: () => onOpen(event.folder, message.uid) },
    });
  }
}

export function useLiveMail(options: LiveMailOptions): void {
  const client = useQueryClient();
  const latest = useRef(options);
  useEffect(() => {
    latest.current = options;
  });
  const { folder } = options;
  useEffect(() => {
    const source = new EventSource(`/api/webmail/events?${new URLSearchParams({ folder })}`);
    source.onmessage = ({ data }: MessageEvent<string>) => {
      const event = JSON.parse(data) as MailEvent;
      if (event.type === 'signed-out') {
        source.close();
        window.location.assign('/sign-in?next=%2Fwebmail');
        return;
      }
      void client.invalidateQueries({ queryKey: keys.folders });
      void client.invalidateQueries({
        queryKey: keys.messages(event.folder),
      });
      if (event.type === 'arrived') announce(event, latest.current);
    };
    // Refused, not lost: nobody tries again. Where the session has ended, the next request of any kind leads to the sign-in page.
    source.onerror = () => {
      if (source.readyState === EventSource.CLOSED) void client.invalidateQueries({ queryKey: keys.folders });
    };
    return () => source.close();
  }, [client, folder]);
}
