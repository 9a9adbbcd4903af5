import type { Editor } from '@tiptap/core';
import { useEditorState } from '@tiptap/react';
import {
  Bold,
  Italic,
  Link,
  List,
  ListOrdered,
  type LucideIcon,
  Quote,
  RemoveFormatting,
  Strikethrough,
  Underline,
} from 'lucide-react';
import { cn } from '@/components/class-names.ts';
import { LinkPopover } from './link-popover.tsx';

interface Tool {
  name: string;
  label: string;
  icon: LucideIcon;
  run: (editor: Editor) => void;
}

const TOOLS: readonly Tool[] = [
  { name: 'bold', label: 'Bold', icon: Bold, run: (editor) => editor.chain().focus().toggleBold().run() },
  { name: 'italic', label: 'Italic', icon: Italic, run: (editor) => editor.chain().focus().toggleItalic().run() },
  {
    name: 'underline',
    label: 'Underline',
    icon: Underline,
    run: (editor) => editor.chain().focus().toggleUnderline().run(),
  },
  {
    name: 'strike',
    label: 'Strike through',
    icon: Strikethrough,
    run: (editor) => editor.chain().focus().toggleStrike().run(),
  },
  { name: 'bulletList', label: 'List', icon: List, run: (editor) => editor.chain().focus().toggleBulletList().run() },
  {
    name: 'orderedList',
    label: 'Numbered list',
    icon: ListOrdered,
    run: (editor) => editor.chain().focus().toggleOrderedList().run(),
  },
  {
    name: 'blockquote',
    label: 'Quotation',
    icon: Quote,
    run: (editor) => editor.chain().focus().toggleBlockquote().run(),
  },
];

const TOOL_CLASSES =
  'grid size-7 place-items-center rounded-md text-muted-foreground hover:bg-accent hover:text-accent-foreground';

export function EditorToolbar({ editor }: { editor: Editor }) {
  const active = useEditorState({
    editor,
    selector: ({ editor: current }) =>
      TOOLS.filter(({ name }) => current.isActive(name))
        .map(({ name }) => name)
        .join(' '),
  }).split(' ');
  return (
    <div
      role="toolbar"
      aria-label="Formatting"
      className="sticky top-0 z-[1] flex flex-wrap items-center gap-0.5 border-b bg-surface px-3 py-1"
    >
      {TOOLS.map(({ name, label, icon: Icon, run }) => (
        <button
          key={name}
          type="button"
          aria-label={label}
          title={label}
          aria-pressed={active.includes(name)}
          onClick={() => run(editor)}
          className={cn(TOOL_CLASSES, active.includes(name) && 'bg-accent text-accent-foreground')}
        >
          <Icon className="size-4" aria-hidden />
        </button>
      ))}
      <LinkPopover editor={editor}>
        <button type="button" aria-label="Link" title="Link" className={TOOL_CLASSES}>
          <Link className="size-4" aria-hidden />
        </button>
      </LinkPopover>
      <button
        type="button"
        aria-label="Remove formatting"
        title="Remove formatting"
        onClick={() => editor.chain().focus().unsetAllMarks().clearNodes().run()}
        className={TOOL_CLASSES}
      >
        <RemoveFormatting className="size-4" aria-hidden />
      </button>
    </div>
  );
}
