import { completed, defineCommand, noArguments, SELECTED } from '../command.ts';

/** RFC 3691: leaves the folder and removes nothing. */
export const unselectCommand = defineCommand({
  name: 'UNSELECT',
  states: SELECTED,
  parse: noArguments,
  run: async (session) => {
    session.dropSelected();
    return completed('UNSELECT');
  },
});

/** RFC 3501 §6.4.2: what is \Deleted goes without a word, unless the folder is read-only. */
export const closeCommand = defineCommand({
  name: 'CLOSE',
  states: SELECTED,
  parse: noArguments,
  run: async (session) => {
    const { view, tracker, readOnly } = session.requireSelected();
    const { accountId, id } = view.folder;
    const uids = [...tracker.uids];
    session.dropSelected();
    if (!readOnly) await session.deps.store.transact(accountId, (tx) => tx.expunge(id, uids, true));
    return completed('CLOSE');
  },
});
