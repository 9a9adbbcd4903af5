import type { ActionResult } from '@/actions/result.ts';
import type { ConfirmText } from './confirm.tsx';

/** A server action on a choice of rows. */
type IdsAction = (ids: string[]) => Promise<ActionResult<unknown>>;

/** Takes such an action back; `data` is what it answered. */
type UndoAction = (ids: string[], data: unknown) => Promise<ActionResult<unknown>>;

/** What a button or menu item does, as a page (a server component) can pass it. */
export interface DeedProps {
  label: string;
  action: IdsAction;
  done: string;
  undo?: UndoAction | undefined;
  confirm?: ConfirmText | undefined;
}
