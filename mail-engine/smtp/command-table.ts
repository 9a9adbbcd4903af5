import { auth } from './commands/auth.ts';
import { bdat } from './commands/bdat.ts';
import { data } from './commands/data.ts';
import { ehlo, helo, lhlo } from './commands/hello.ts';
import { mail } from './commands/mail.ts';
import { rcpt } from './commands/rcpt.ts';
import { expn, help, noop, quit, rset, vrfy } from './commands/simple.ts';
import { starttls } from './commands/starttls.ts';
import type { SmtpCommand } from './types.ts';

const ALL = [ehlo, helo, lhlo, mail, rcpt, data, bdat, rset, noop, vrfy, expn, help, starttls, auth, quit];

export const COMMANDS: ReadonlyMap<string, SmtpCommand> = new Map(ALL.map((command) => [command.name, command]));
