import { Download, File, FileArchive, FileImage, FileText, type LucideIcon, Mail, Music } from 'lucide-react';
import type { AttachmentInfo, OpenedMessage } from '#server/webmail/types.ts';
import { formatBytes, plural } from '@/format.ts';
import { partUrl } from './urls.ts';

const ICONS: readonly [RegExp, LucideIcon][] = [
  [/^image\//, FileImage],
  [/^audio\//, Music],
  [/^message\//, Mail],
  [/zip|tar|compressed|rar/, FileArchive],
  [/pdf|text|word|document/, FileText],
];

export function attachmentIcon(contentType: string): LucideIcon {
  return ICONS.find(([pattern]) => pattern.test(contentType))?.[1] ?? File;
}

const PREVIEWED = /^image\/(?:png|jpeg|gif|webp)$/;
const MAX_PREVIEW_BYTES = 5 * 1024 * 1024;

interface AttachmentListProps {
  message: OpenedMessage;
  attachments: readonly AttachmentInfo[];
}

export function AttachmentList({ message, attachments }: AttachmentListProps) {
  return (
    <section aria-label={plural(attachments.length, 'attachment')} className="mb-5">
      <ul className="flex flex-wrap gap-2">
        {attachments.map((attachment) => (
          <li key={attachment.part} className="max-w-full">
            <a
              href={partUrl(message, attachment.part)}
              download={attachment.filename}
              className="group flex w-64 max-w-full items-center gap-2.5 rounded-lg border bg-surface p-2 hover:bg-muted"
            >
              <Thumbnail message={message} attachment={attachment} />
              <span className="min-w-0 flex-1">
                <span className="block truncate font-medium text-sm" dir="auto">
                  {attachment.filename}
                </span>
                <span className="block text-muted-foreground text-xs">{formatBytes(attachment.sizeBytes)}</span>
              </span>
              <Download className="size-4 shrink-0 text-muted-foreground group-hover:text-foreground" aria-hidden />
              <span className="sr-only">Download</span>
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Thumbnail({ message, attachment }: { message: OpenedMessage; attachment: AttachmentInfo }) {
  const Icon = attachmentIcon(attachment.contentType);
  if (PREVIEWED.test(attachment.contentType) && attachment.sizeBytes < MAX_PREVIEW_BYTES) {
    return (
      // biome-ignore lint/performance/noImgElement: the bytes are somebody's mail: nothing may cache or resize them
      <img
        src={partUrl(message, attachment.part, true)}
        alt=""
        loading="lazy"
        className="size-9 shrink-0 rounded-md bg-muted object-cover"
      />
    );
  }
  return (
    <span className="grid size-9 shrink-0 place-items-center rounded-md bg-accent text-accent-foreground">
      <Icon className="size-4" aria-hidden />
    </span>
  );
}
