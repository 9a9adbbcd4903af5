import { ANY_STATE, type Command, completed, defineCommand, noArguments, SELECTED } from '../command.ts';
import type { ImapSession } from '../session.ts';

/** What was committed anywhere before this command is told with its answer. */
async function refresh(session: ImapSession): Promise<void> {
  await session.selected?.view.refresh();
}

function defineRefresh(name: string, states: Command['states']): Command {
  return defineCommand({
    name,
    states,
    parse: noArguments,
    run: async (session) => {
      await refresh(session);
      return completed(name);
    },
  });
}

/** RFC 3501 §6.1.2 */
export const noopCommand = defineRefresh('NOOP', ANY_STATE);

/** RFC 3501 §6.4.1: everything acknowledged is on disk already. */
export const checkCommand = defineRefresh('CHECK', SELECTED);
