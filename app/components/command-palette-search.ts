import { useEffect, useState } from 'react';
import { z } from 'zod';

const answer = z.object({
  found: z.array(z.object({ kind: z.enum(['domain', 'mailbox']), label: z.string(), href: z.string() })),
});

export type Found = z.output<typeof answer>['found'];

const TYPING_PAUSE_MS = 150;
const SHORTEST = 2;

async function search(words: string, signal: AbortSignal): Promise<Found> {
  const response = await fetch(`/api/panel/search?q=${encodeURIComponent(words)}`, { signal });
  if (!response.ok) return [];
  return answer.parse(await response.json()).found;
}

/** Domains and mailboxes whose name has `words` in it; the answer to an older question is never shown for a newer one. */
export function useFound(words: string): { found: Found; searching: boolean } {
  const asked = words.trim();
  const [result, setResult] = useState<{ for: string; found: Found }>({ for: '', found: [] });

  useEffect(() => {
    if (asked.length < SHORTEST) return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      search(asked, abort.signal)
        .then((found) => setResult({ for: asked, found }))
        .catch(() => abort.signal.aborted || setResult({ for: asked, found: [] })); // offline: the pages can still be reached
    }, TYPING_PAUSE_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [asked]);

  const current = asked.length >= SHORTEST && result.for === asked;
  return { found: current ? result.found : [], searching: asked.length >= SHORTEST && !current };
}
