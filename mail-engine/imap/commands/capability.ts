import { formatCapability } from '../capability.ts';
import { ANY_STATE, completed, defineCommand, noArguments } from '../command.ts';

/** RFC 3501 §6.1.1 */
export const capabilityCommand = defineCommand({
  name: 'CAPABILITY',
  states: ANY_STATE,
  parse: noArguments,
  run: async (session) => {
    await session.untagged(formatCapability(session));
    return completed('CAPABILITY');
  },
});
