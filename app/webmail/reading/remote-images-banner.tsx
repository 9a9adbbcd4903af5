import { ImageOff } from 'lucide-react';
import { Button } from '@/components/ui/button.tsx';
import { plural } from '@/format.ts';

/** Images of the network tell their sender that and where a message was read. */
export function RemoteImagesBanner({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg border bg-muted/60 px-3 py-2 text-sm">
      <ImageOff className="size-4 shrink-0 text-muted-foreground" aria-hidden />
      <p className="min-w-0 flex-1">
        {plural(count, 'remote image')} blocked, so that the sender does not learn that you read this.
      </p>
      <Button variant="secondary" size="sm" onClick={onShow}>
        Show images
      </Button>
    </div>
  );
}
