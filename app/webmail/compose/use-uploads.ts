/** Files on their way to the server, with their progress. */
import { useCallback, useRef, useState } from 'react';
import { toast } from 'sonner';
import type { DraftContent } from '#server/webmail/compose/draft.ts';
import { errorMessage, readErrorAnswer } from '../data/api.ts';

type Attachment = DraftContent['attachments'][number];

export interface PendingUpload {
  id: string;
  filename: string;
  sizeBytes: number;
  /** 0 to 1. */
  progress: number;
  cancel: () => void;
}

interface Started {
  request: XMLHttpRequest;
  done: Promise<{ uploadId: string; sizeBytes: number }>;
}

/** XMLHttpRequest, because fetch tells nothing of an upload's progress. */
function startUpload(file: File, onProgress: (part: number) => void): Started {
  const request = new XMLHttpRequest();
  const done = new Promise<{ uploadId: string; sizeBytes: number }>((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => {
      if (request.status === 200) resolve(JSON.parse(request.responseText) as { uploadId: string; sizeBytes: number });
      else reject(readErrorAnswer(request.responseText));
    };
    request.onerror = () => reject(new Error('The connection was lost.'));
    request.onabort = () => reject(new DOMException('cancelled', 'AbortError'));
  });
  request.open('POST', '/api/webmail/uploads');
  request.setRequestHeader('Content-Type', 'application/octet-stream');
  request.send(file);
  return { request, done };
}

export function useUploads(onDone: (attachment: Attachment) => void) {
  const [pending, setPending] = useState<readonly PendingUpload[]>([]);
  const counter = useRef(0);

  const add = useCallback(
    (files: Iterable<File>) => {
      for (const file of files) {
        counter.current += 1;
        const id = `upload-${Date.now()}-${counter.current}`;
        const filename = file.name.replace(/\p{Cc}/gu, '_').slice(0, 255) || 'file';
        const { request, done } = startUpload(file, (progress) =>
          setPending((old) => old.map((upload) => (upload.id === id ? { ...upload, progress } : upload))),
        );
        setPending((old) => [
          ...old,
          { id, filename, sizeBytes: file.size, progress: 0, cancel: () => request.abort() },
        ]);
        done
          .then(({ uploadId, sizeBytes }) => {
            const contentType = file.type || 'application/octet-stream';
            onDone({
              id,
              filename,
              contentType,
              sizeBytes,
              contentId: null,
              source: { kind: 'upload', uploadId },
            });
          })
          .catch((error: unknown) => {
            if (error instanceof DOMException && error.name === 'AbortError') return;
            toast.error(`${filename} was not attached`, { description: errorMessage(error) });
          })
          .finally(() => setPending((old) => old.filter((upload) => upload.id !== id)));
      }
    },
    [onDone],
  );
  return { pending, add };
}
