import { listVersions } from '#server/access-rules/list-versions.ts';
import type { AccessService } from '#server/access-rules/types.ts';
import { Time } from '@/components/time.tsx';
import { Badge } from '@/components/ui/badge.tsx';
import { read } from '@/read.ts';
import { RestoreButton } from './restore-button.tsx';

/** What was saved before, newest first; each can be read and put back. */
export async function RulesHistory({ service }: { service: AccessService }) {
  const versions = await read(listVersions, { service });
  return (
    <ul className="divide-y">
      {versions.map(({ id, savedAt, savedBy, text }, index) => (
        <li key={id} className="px-5 py-3">
          <div className="flex flex-wrap items-center gap-2">
            <p className="mr-auto min-w-0 break-words text-sm">
              <Time at={savedAt} /> by {savedBy}
            </p>
            {index === 0 ? (
              <Badge variant="success">Holds now</Badge>
            ) : (
              <RestoreButton service={service} version={id} />
            )}
          </div>
          <details className="mt-1">
            <summary className="cursor-pointer text-muted-foreground text-xs">Show the rules</summary>
            <pre className="mt-2 whitespace-pre-wrap break-all rounded-md bg-muted p-2 font-mono text-xs leading-5">
              {text || '(empty: everybody is allowed)'}
            </pre>
          </details>
        </li>
      ))}
      <li className="flex flex-wrap items-center gap-2 px-5 py-3">
        <p className="mr-auto text-sm">The rules that ship with Mailstead</p>
        {versions.length > 0 ? (
          <RestoreButton service={service} version={null} />
        ) : (
          <Badge variant="success">Holds now</Badge>
        )}
      </li>
    </ul>
  );
}
