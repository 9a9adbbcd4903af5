import { X } from 'lucide-react';
import { Progress } from '@/components/ui/progress.tsx';
import { formatBytes } from '@/format.ts';
import { attachmentIcon } from '../reading/attachment-list.tsx';
import { releaseUploads } from './release-uploads.ts';
import type { Draft } from './use-draft.ts';
import type { PendingUpload } from './use-uploads.ts';

interface AttachmentTrayProps {
  draft: Draft;
  pending: readonly PendingUpload[];
}

/** What will be attached, and what is still on its way. Images the quotation shows are not listed. */
export function AttachmentTray({ draft, pending }: AttachmentTrayProps) {
  const attached = draft.content.attachments.filter(({ contentId }) => contentId === null);
  if (attached.length + pending.length === 0) return null;
  const remove = (id: string): void => {
    releaseUploads(attached.filter((attachment) => attachment.id === id));
    draft.change((old) => ({ attachments: old.attachments.filter((attachment) => attachment.id !== id) }));
  };
  return (
    <ul
      aria-label="Attachments"
      className="flex max-h-36 shrink-0 flex-wrap gap-1.5 overflow-y-auto border-t px-4 py-2"
    >
      {attached.map(({ id, filename, contentType, sizeBytes }) => {
        const Icon = attachmentIcon(contentType);
        return (
          <li
            key={id}
            className="flex h-8 max-w-full items-center gap-2 rounded-md border bg-muted/50 pr-1 pl-2 text-sm"
          >
            <Icon className="size-4 shrink-0 text-muted-foreground" aria-hidden />
            <span className="truncate" dir="auto">
              {filename}
            </span>
            <span className="shrink-0 text-muted-foreground text-xs">{formatBytes(sizeBytes)}</span>
            <RemoveButton label={`Remove ${filename}`} onClick={() => remove(id)} />
          </li>
        );
      })}
      {pending.map(({ id, filename, progress, cancel }) => (
        <li key={id} className="flex h-8 max-w-full items-center gap-2 rounded-md border bg-muted/50 pr-1 pl-2 text-sm">
          <span className="truncate" dir="auto">
            {filename}
          </span>
          <Progress value={progress} label={`Uploading ${filename}`} className="w-20" />
          <RemoveButton label={`Cancel ${filename}`} onClick={cancel} />
        </li>
      ))}
    </ul>
  );
}

function RemoveButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <button
      type="button"
      aria-label={label}
      onClick={onClick}
      className="grid size-6 shrink-0 place-items-center rounded-md text-muted-foreground hover:bg-accent hover:text-foreground"
    >
      <X className="size-3.5" aria-hidden />
    </button>
  );
}
