import { AUTHENTICATED, completed, defineCommand, noArguments } from '../command.ts';

/** RFC 2342: one personal namespace without a prefix. */
export const namespaceCommand = defineCommand({
  name: 'NAMESPACE',
  states: AUTHENTICATED,
  parse: noArguments,
  run: async (session) => {
    await session.untagged('NAMESPACE (("" "/")) NIL NIL');
    return completed('NAMESPACE');
  },
});
