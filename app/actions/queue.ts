'use server';

import { OperationError } from '#server/actor/errors.ts';
import type { Context } from '#server/operation.ts';
import { deleteEntries } from '#server/queue/delete-entries.ts';
import { holdEntries } from '#server/queue/hold-entries.ts';
import { releaseEntries } from '#server/queue/release-entries.ts';
import { retryEntries } from '#server/queue/retry-entries.ts';
import { plural } from '@/format.ts';
import { actAs } from './act.ts';
import type { ActionResult } from './result.ts';

type OnEntries = (context: Context, input: { ids: string[] }) => Promise<{ changed: number; skipped: number }>;

/** Entries move on by themselves while somebody looks at them: says how many it was done to, and refuses when it was none. */
async function onEntries(name: string, operation: OnEntries, ids: string[], done: string) {
  return actAs(name, async (context) => {
    const { changed, skipped } = await operation(context, { ids });
    if (changed === 0)
      throw new OperationError('conflict', 'Nothing to do: this mail is on its way, or in another state by now.');
    const left = skipped > 0 ? ` ${plural(skipped, 'other')} left as they were.` : '';
    return { said: `${plural(changed, 'recipient')} ${done}.${left}` };
  });
}

export async function retryEntriesAction(ids: string[]): Promise<ActionResult<unknown>> {
  return onEntries('queue.retry', retryEntries, ids, 'tried again now');
}

export async function holdEntriesAction(ids: string[]): Promise<ActionResult<unknown>> {
  return onEntries('queue.hold', holdEntries, ids, 'held');
}

export async function releaseEntriesAction(ids: string[]): Promise<ActionResult<unknown>> {
  return onEntries('queue.release', releaseEntries, ids, 'released');
}

export async function deleteEntriesAction(ids: string[]): Promise<ActionResult<unknown>> {
  return onEntries('queue.delete', deleteEntries, ids, 'deleted from the queue');
}
