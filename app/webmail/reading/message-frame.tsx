import { useTheme } from 'next-themes';
import { useEffect, useRef, useState } from 'react';
import { FRAME_SANDBOX } from '#server/webmail/html/document.ts';
import type { OpenedMessage } from '#server/webmail/types.ts';
import { Skeleton } from '@/components/ui/skeleton.tsx';
import { bodyUrl } from './urls.ts';

interface MessageFrameProps {
  message: OpenedMessage;
  images: boolean;
  /** How many remote images were left out. */
  onBlocked: (count: number) => void;
  onKey: (event: KeyboardEvent) => void;
}

const MIN_HEIGHT = 80;

/**
 * The body in a frame that runs nothing. Same origin without scripts lets us measure it, so that the pane scrolls as one, and
 * hear its keys; the mail gains nothing by it (see server/webmail/html/document.ts).
 */
export function MessageFrame({ message, images, onBlocked, onKey }: MessageFrameProps) {
  const { resolvedTheme } = useTheme();
  const frame = useRef<HTMLIFrameElement>(null);
  const [height, setHeight] = useState<number | null>(null);
  const [loads, setLoads] = useState(0);
  const theme = resolvedTheme === 'dark' ? 'dark' : 'light';

  useEffect(() => {
    const page = frame.current?.contentDocument;
    const content = page?.getElementById('mail');
    if (loads === 0 || !page || !content) return;
    onBlocked(Number(page.documentElement.dataset.blockedImages ?? 0));
    const measure = (): void => setHeight(Math.max(MIN_HEIGHT, Math.ceil(content.getBoundingClientRect().bottom)));
    const observer = new ResizeObserver(measure);
    observer.observe(content);
    measure();
    page.addEventListener('keydown', onKey);
    return () => {
      observer.disconnect();
      page.removeEventListener('keydown', onKey);
    };
  }, [loads, onBlocked, onKey]);

  return (
    <>
      {height === null && <Skeleton className="h-24" />}
      <iframe
        ref={frame}
        title="Message text"
        sandbox={FRAME_SANDBOX}
        referrerPolicy="no-referrer"
        src={bodyUrl(message, { images, theme })}
        onLoad={() => setLoads((count) => count + 1)}
        className={height === null ? 'h-0 w-full' : 'w-full'}
        style={{ colorScheme: theme, ...(height !== null && { height: height + FRAME_MARGIN }) }}
      />
    </>
  );
}

/** Room for a descender or a border that lies a little outside of its box. */
const FRAME_MARGIN = 18;
