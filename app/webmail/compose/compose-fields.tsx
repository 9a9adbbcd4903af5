import { useState } from 'react';
import { RecipientsField } from './recipients-field.tsx';
import { SenderField } from './sender-field.tsx';
import type { Draft } from './use-draft.ts';

/** Recipients and subject. */
export function ComposeFields({ draft }: { draft: Draft }) {
  const { content, change } = draft;
  const [more, setMore] = useState(content.cc.length + content.bcc.length > 0);
  return (
    <div className="shrink-0">
      <SenderField draft={draft} />
      <div className="flex items-start border-b">
        <div className="min-w-0 flex-1">
          <RecipientsField
            label="To"
            people={content.to}
            onChange={(to) => change({ to })}
            autoFocus={content.to.length === 0}
          />
        </div>
        {!more && (
          <button
            type="button"
            onClick={() => setMore(true)}
            className="mt-2 mr-3 rounded-sm px-1 text-muted-foreground text-sm hover:text-foreground"
          >
            Cc Bcc
          </button>
        )}
      </div>
      {more && (
        <>
          <div className="border-b">
            <RecipientsField label="Cc" people={content.cc} onChange={(cc) => change({ cc })} />
          </div>
          <div className="border-b">
            <RecipientsField label="Bcc" people={content.bcc} onChange={(bcc) => change({ bcc })} />
          </div>
        </>
      )}
      <div className="flex items-center border-b px-4">
        <label htmlFor="compose-subject" className="mr-1 w-14 shrink-0 text-muted-foreground text-sm">
          Subject
        </label>
        <input
          id="compose-subject"
          value={content.subject}
          onChange={(event) => change({ subject: event.target.value.replace(/\p{Cc}/gu, ' ') })}
          maxLength={900}
          dir="auto"
          autoComplete="off"
          className="h-10 min-w-0 flex-1 bg-transparent outline-none"
        />
      </div>
    </div>
  );
}
