import './compose.css';
import { EditorContent, useEditor } from '@tiptap/react';
import StarterKit from '@tiptap/starter-kit';
import { EditorToolbar } from './editor-toolbar.tsx';
import type { Draft } from './use-draft.ts';

const EXTENSIONS = [
  StarterKit.configure({
    heading: { levels: [2, 3] },
    link: { openOnClick: false, defaultProtocol: 'https' },
    codeBlock: false,
  }),
];

interface MessageEditorProps {
  draft: Draft;
  autoFocus: boolean;
}

export function MessageEditor(props: MessageEditorProps) {
  return props.draft.content.format === 'plain' ? <PlainEditor {...props} /> : <RichEditor {...props} />;
}

function RichEditor({ draft, autoFocus }: MessageEditorProps) {
  const editor = useEditor({
    extensions: EXTENSIONS,
    content: draft.content.body,
    autofocus: autoFocus ? 'start' : false,
    immediatelyRender: false,
    editorProps: {
      attributes: {
        'aria-label': 'Message text',
        'aria-multiline': 'true',
        role: 'textbox',
        dir: 'auto',
        class: 'compose-text min-h-32 px-4 py-3 outline-none',
      },
    },
    onUpdate: ({ editor: changed }) => draft.change({ body: changed.getHTML() }),
  });
  return (
    <>
      {editor && <EditorToolbar editor={editor} />}
      <EditorContent editor={editor} />
    </>
  );
}

function PlainEditor({ draft, autoFocus }: MessageEditorProps) {
  return (
    <textarea
      aria-label="Message text"
      // biome-ignore lint/a11y/noAutofocus: the window was opened to write in it
      autoFocus={autoFocus}
      dir="auto"
      value={draft.content.body}
      onChange={(event) => draft.change({ body: event.target.value })}
      className="block min-h-48 w-full resize-none bg-transparent px-4 py-3 font-mono text-sm outline-none"
      style={{ fieldSizing: 'content' } as React.CSSProperties}
    />
  );
}
