import { MoreHorizontal, Trash2 } from 'lucide-react';
import { useTheme } from 'next-themes';
import { useState } from 'react';
import { Button } from '@/components/ui/button.tsx';
import type { Draft } from './use-draft.ts';

/** The quoted or forwarded message, shown on request, in a frame of its own that runs and loads nothing. */
export function QuotePreview({ draft }: { draft: Draft }) {
  const [shown, setShown] = useState(false);
  const { resolvedTheme } = useTheme();
  const { quote } = draft.content;
  if (quote === null) return null;
  const dark = resolvedTheme === 'dark';
  const page = `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"><style>html{color-scheme:${dark ? 'dark' : 'light'}}body{margin:12px;font:14px/1.5 system-ui,sans-serif}img{max-width:100%}</style><div dir="auto">${quote}</div>`;
  return (
    <div className="px-4 pb-4">
      <div className="flex items-center gap-2">
        <button
          type="button"
          aria-expanded={shown}
          onClick={() => setShown(!shown)}
          aria-label={shown ? 'Hide the quoted message' : 'Show the quoted message'}
          className="grid h-5 w-9 place-items-center rounded-full bg-muted text-muted-foreground hover:bg-accent hover:text-foreground"
        >
          <MoreHorizontal className="size-4" aria-hidden />
        </button>
        {shown && (
          <Button variant="ghost" size="sm" onClick={() => draft.change({ quote: null })}>
            <Trash2 aria-hidden /> Leave it out
          </Button>
        )}
      </div>
      {shown && (
        <iframe
          title="Quoted message"
          sandbox=""
          srcDoc={page}
          className="mt-2 h-72 w-full rounded-lg border"
          style={{ colorScheme: dark ? 'dark' : 'light' }}
        />
      )}
    </div>
  );
}
