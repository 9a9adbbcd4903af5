/** What every server action answers. */
export type ActionResult<Data> =
  | { ok: true; data: Data }
  /** `fields` names what is wrong in a form; `errorId` is there when the fault is ours, and finds it in the log. */
  | { ok: false; message: string; fields: Readonly<Record<string, string>>; errorId?: string };
