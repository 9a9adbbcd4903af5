import '../compose/compose.css';
import { EditorContent, useEditor } from '@tiptap/react';
import StarterKit from '@tiptap/starter-kit';
import { EditorToolbar } from '../compose/editor-toolbar.tsx';

const EXTENSIONS = [StarterKit.configure({ heading: false, codeBlock: false, link: { openOnClick: false } })];

export function SignatureEditor({ html, onChange }: { html: string; onChange: (html: string) => void }) {
  const editor = useEditor({
    extensions: EXTENSIONS,
    content: html,
    immediatelyRender: false,
    editorProps: {
      attributes: {
        'aria-label': 'Signature',
        'aria-multiline': 'true',
        role: 'textbox',
        dir: 'auto',
        class: 'compose-text min-h-20 px-3 py-2 outline-none',
      },
    },
    onUpdate: ({ editor: changed }) => onChange(changed.isEmpty ? '' : changed.getHTML()),
  });
  return (
    <div className="overflow-hidden rounded-md border border-input focus-within:border-ring">
      {editor && <EditorToolbar editor={editor} />}
      <div className="max-h-40 overflow-y-auto">
        <EditorContent editor={editor} />
      </div>
    </div>
  );
}
