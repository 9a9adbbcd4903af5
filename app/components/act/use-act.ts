'use client';

import { useTransition } from 'react';
import { toast } from 'sonner';
import type { ActionResult } from '@/actions/result.ts';
import { type Refusal, refusalText } from '../form/show-errors.ts';

export interface Deed {
  run: () => Promise<ActionResult<unknown>>;
  /** What the toast says when it is done; an answer with a `said` of its own says that instead. */
  done: string;
  /** Takes it back, from the toast; gets what `run` answered. */
  undo?: ((data: unknown) => Promise<ActionResult<unknown>>) | undefined;
  /** After it is done. */
  after?: (() => void) | undefined;
  /** Shows a refusal where it belongs; a toast does otherwise. */
  refused?: ((refusal: Refusal) => void) | undefined;
}

const UNREACHABLE = 'The server cannot be reached. Nothing was changed.';
/** Long enough to read, think and click. */
const UNDO_MS = 12_000;

const toastRefusal = (refusal: Refusal): void => void toast.error(refusalText(refusal));

async function settle(run: Deed['run'], refused = toastRefusal): Promise<{ data: unknown } | undefined> {
  try {
    const result = await run();
    if (result.ok) return { data: result.data };
    refused(result);
  } catch {
    toast.error(UNREACHABLE); // the request did not get through
  }
  return undefined;
}

function findSaid(data: unknown): string | undefined {
  if (typeof data !== 'object' || data === null || !('said' in data)) return undefined;
  return typeof data.said === 'string' ? data.said : undefined;
}

async function takeBack(undo: Deed['run']): Promise<void> {
  if (await settle(undo)) toast.success('Undone.');
}

/** Does something on the server and says how it went. */
export function useAct(): { pending: boolean; act: (deed: Deed) => void } {
  const [pending, startTransition] = useTransition();
  function act({ run, done, undo, after, refused }: Deed): void {
    startTransition(async () => {
      const settled = await settle(run, refused);
      if (!settled) return;
      const action = undo && { label: 'Undo', onClick: () => void takeBack(() => undo(settled.data)) };
      toast.success(findSaid(settled.data) ?? done, action ? { action, duration: UNDO_MS } : {});
      after?.();
    });
  }
  return { pending, act };
}
