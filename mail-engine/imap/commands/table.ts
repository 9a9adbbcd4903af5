/** Every command by its name. */
import type { Command } from '../command.ts';
import { appendCommand } from './append.ts';
import { authenticateCommand } from './authenticate.ts';
import { capabilityCommand } from './capability.ts';
import { copyCommands, moveCommands } from './copy.ts';
import { createCommand } from './create.ts';
import { deleteCommand } from './delete.ts';
import { enableCommand } from './enable.ts';
import { expungeCommand, uidExpungeCommand } from './expunge.ts';
import { fetchCommands } from './fetch.ts';
import { idCommand } from './id.ts';
import { idleCommand } from './idle.ts';
import { listCommand } from './list.ts';
import { loginCommand } from './login.ts';
import { logoutCommand } from './logout.ts';
import { lsubCommand } from './lsub.ts';
import { namespaceCommand } from './namespace.ts';
import { checkCommand, noopCommand } from './noop.ts';
import { getQuotaCommand, getQuotaRootCommand } from './quota.ts';
import { renameCommand } from './rename.ts';
import { searchCommands } from './search.ts';
import { examineCommand, selectCommand } from './select.ts';
import { starttlsCommand } from './starttls.ts';
import { statusCommand } from './status.ts';
import { storeCommands } from './store.ts';
import { subscribeCommand, unsubscribeCommand } from './subscribe.ts';
import { closeCommand, unselectCommand } from './unselect.ts';

const ALL: readonly Command[] = [
  capabilityCommand,
  noopCommand,
  logoutCommand,
  idCommand,
  starttlsCommand,
  authenticateCommand,
  loginCommand,
  enableCommand,
  namespaceCommand,
  selectCommand,
  examineCommand,
  createCommand,
  deleteCommand,
  renameCommand,
  subscribeCommand,
  unsubscribeCommand,
  listCommand,
  lsubCommand,
  statusCommand,
  appendCommand,
  getQuotaCommand,
  getQuotaRootCommand,
  idleCommand,
  checkCommand,
  closeCommand,
  unselectCommand,
  expungeCommand,
  uidExpungeCommand,
  ...fetchCommands,
  ...searchCommands,
  ...storeCommands,
  ...copyCommands,
  ...moveCommands,
];

export const COMMANDS: ReadonlyMap<string, Command> = new Map(ALL.map((command) => [command.name, command]));
