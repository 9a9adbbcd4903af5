/** A message that was not sent comes back: into the window, or, while another is being written there, into Drafts with an offer to open it. */
import { toast } from 'sonner';
import { sendJson } from '../data/api.ts';
import { guardUnload } from './guard-unload.ts';
import type { NotSent } from './send-draft.ts';
import { mergeSaved, type SavedAnswer } from './use-draft.ts';
import type { WindowContent, Windows } from './use-window.ts';

async function keepInDrafts(content: WindowContent): Promise<WindowContent> {
  if (!content.unsaved) return content;
  try {
    const answer = await sendJson<SavedAnswer>('POST', 'drafts', content.draft);
    return { ...content, draft: mergeSaved(content.draft, answer), unsaved: false };
  } catch {
    // The offer says so; the text stays in memory until it is opened.
    return content;
  }
}

function offer(windows: Windows, content: WindowContent, title: string, why: string): void {
  const release = content.unsaved ? guardUnload() : () => undefined;
  const open = async (): Promise<void> => {
    release();
    if (!(await windows.show(content))) offer(windows, content, title, why);
  };
  const where = content.unsaved
    ? 'It could not be saved in Drafts either: open it before you leave this page.'
    : 'It is kept in Drafts.';
  toast.error(title, {
    description: `${why} ${where}`,
    duration: Number.POSITIVE_INFINITY,
    action: { label: 'Open it', onClick: () => void open() },
    // What is nowhere else must not be waved away.
    ...(content.unsaved && { dismissible: false, closeButton: false }),
  });
}

export async function bringBack(windows: Windows, content: WindowContent, { title, why }: NotSent): Promise<void> {
  if (windows.isOpen()) {
    offer(windows, await keepInDrafts(content), title, why);
    return;
  }
  toast.error(title, { description: why, duration: 20_000 });
  await windows.show(content);
}

/** Undo: the person asks for it, so it comes into the window unless what is written there cannot be saved. */
export async function takeBack(windows: Windows, content: WindowContent): Promise<void> {
  if (await windows.show(content)) return;
  offer(windows, await keepInDrafts(content), 'The message was not sent', 'You took it back.');
}
