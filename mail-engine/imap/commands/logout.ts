import { ANY_STATE, completed, defineCommand, noArguments } from '../command.ts';

/** RFC 3501 §6.1.3 */
export const logoutCommand = defineCommand({
  name: 'LOGOUT',
  states: ANY_STATE,
  parse: noArguments,
  run: async (session) => {
    session.dropSelected();
    session.ended = true;
    await session.untagged('BYE Goodbye');
    return completed('LOGOUT');
  },
});
