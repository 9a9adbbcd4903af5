import type { Editor } from '@tiptap/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { Input } from '@/components/ui/input.tsx';
import { Popover, PopoverContent, PopoverTrigger } from '@/components/ui/popover.tsx';

function normaliseUrl(text: string): string {
  const url = text.trim();
  if (/^(?:https?:\/\/|mailto:)/i.test(url)) return url;
  return /^[^\s@/]+@[^\s@/]+$/.test(url) ? `mailto:${url}` : `https://${url}`;
}

export function LinkPopover({ editor, children }: { editor: Editor; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const [url, setUrl] = useState('');
  const onOpenChange = (next: boolean): void => {
    if (next) setUrl(String(editor.getAttributes('link').href ?? ''));
    setOpen(next);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    const chain = editor.chain().focus().extendMarkRange('link');
    if (url.trim() === '') chain.unsetLink().run();
    else if (editor.state.selection.empty && !editor.isActive('link')) {
      chain
        .insertContent({
          type: 'text',
          text: url.trim(),
          marks: [{ type: 'link', attrs: { href: normaliseUrl(url) } }],
        })
        .run();
    } else chain.setLink({ href: normaliseUrl(url) }).run();
    setOpen(false);
  };
  return (
    <Popover open={open} onOpenChange={onOpenChange}>
      <PopoverTrigger asChild>{children}</PopoverTrigger>
      <PopoverContent align="start">
        <form method="post" onSubmit={submit} className="flex gap-2">
          <Input
            aria-label="Address of the link"
            placeholder="https://"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
            autoComplete="off"
          />
          <Button type="submit" variant="secondary">
            Set
          </Button>
        </form>
      </PopoverContent>
    </Popover>
  );
}
