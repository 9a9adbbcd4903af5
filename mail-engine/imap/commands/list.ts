/** LIST, basic and extended (RFC 3501 §6.3.8, RFC 5258, RFC 5819, RFC 6154). */
import { formatMailbox } from '#engine/wire/imap/format.ts';
import { type ListArguments, listArguments } from '#engine/wire/imap/list-command.ts';
import { canonicalMailbox } from '#engine/wire/imap/mailbox.ts';
import { AUTHENTICATED, completed, defineCommand } from '../command.ts';
import { buildFolderTree, type FolderNode, SEPARATOR, superiorsOf } from '../folder-tree.ts';
import { compileFolderPatterns } from '../match-folders.ts';
import type { ImapSession } from '../session.ts';
import { formatStatus } from '../status-line.ts';

function isSelected(node: FolderNode, { selection }: ListArguments): boolean {
  if (selection.has('SUBSCRIBED') && !node.folder?.subscribed) return false;
  return !(selection.has('SPECIAL-USE') && !node.folder?.specialUse);
}

function attributesOf(node: FolderNode, { selection, returns }: ListArguments): string[] {
  const attributes = node.folder ? [] : ['\\NonExistent', '\\Noselect'];
  attributes.push(node.hasChildren ? '\\HasChildren' : '\\HasNoChildren');
  const showsSubscribed = selection.has('SUBSCRIBED') || returns.has('SUBSCRIBED');
  if (showsSubscribed && node.folder?.subscribed) attributes.push('\\Subscribed');
  if (node.folder?.specialUse) attributes.push(node.folder.specialUse);
  return attributes;
}

/** RECURSIVEMATCH (RFC 5258 §3.5): the levels above what is selected stand for it. */
function levelsAboveSelected(nodes: readonly FolderNode[], args: ListArguments): ReadonlySet<string> {
  if (!args.selection.has('RECURSIVEMATCH')) return new Set();
  return new Set(nodes.filter((node) => isSelected(node, args)).flatMap((node) => superiorsOf(node.name)));
}

function formatChildInfo({ selection }: ListArguments): string {
  const criteria = [...selection].filter((option) => option === 'SUBSCRIBED' || option === 'SPECIAL-USE');
  return ` ("CHILDINFO" (${criteria.map((option) => `"${option}"`).join(' ')}))`;
}

function formatNode(session: ImapSession, node: FolderNode, args: ListArguments, info: string): string {
  const attributes = attributesOf(node, args).join(' ');
  const line = `* LIST (${attributes}) "${SEPARATOR}" ${formatMailbox(node.name, session.utf8)}${info}\r\n`;
  return node.folder && args.status ? line + formatStatus(session, node.folder, args.status) : line;
}

async function list(session: ImapSession, args: ListArguments): Promise<void> {
  const folders = await session.deps.store.listFolders(session.requireAccountId());
  const nodes = buildFolderTree(folders);
  const patterns = args.patterns.map((pattern) => canonicalMailbox(args.reference + pattern));
  const matches = compileFolderPatterns(
    patterns,
    nodes.map((node) => node.name),
  );
  const above = levelsAboveSelected(nodes, args);
  const lines: string[] = [];
  for (const node of nodes) {
    if (!matches(node.name)) continue;
    const info = above.has(node.name) ? formatChildInfo(args) : '';
    if (isSelected(node, args) || info !== '') lines.push(formatNode(session, node, args, info));
  }
  if (lines.length > 0) await session.send(lines.join(''));
}

export const listCommand = defineCommand({
  name: 'LIST',
  states: AUTHENTICATED,
  parse: (cursor, session) => {
    cursor.SP();
    return listArguments(cursor, session.utf8);
  },
  run: async (session, args) => {
    // An empty pattern asks for the separator and the root.
    if (!args.extended && args.patterns[0] === '') await session.untagged(`LIST (\\Noselect) "${SEPARATOR}" ""`);
    else await list(session, args);
    return completed('LIST');
  },
});
