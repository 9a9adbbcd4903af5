import { auth } from './commands/auth.ts';
import { capa } from './commands/capa.ts';
import { dele, noop, quit, rset } from './commands/deleting.ts';
import { list, stat, uidl } from './commands/listing.ts';
import { retr, top } from './commands/retrieving.ts';
import { stls } from './commands/stls.ts';
import { pass, user } from './commands/user-pass.ts';
import type { Pop3Command } from './types.ts';

const ALL = [capa, stls, user, pass, auth, stat, list, uidl, retr, top, dele, rset, noop, quit];

export const COMMANDS: ReadonlyMap<string, Pop3Command> = new Map(ALL.map((command) => [command.name, command]));
