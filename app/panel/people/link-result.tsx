import type { LinkResult as Link } from '@/actions/operators.ts';
import { SecretOnce } from '@/components/secret-once.tsx';
import { Button } from '@/components/ui/button.tsx';
import { DialogBody, DialogFooter } from '@/components/ui/dialog.tsx';
import { formatDateTime } from '@/format.ts';

/** The end of a dialog that made a password link. */
export function LinkResult({ link, onClose }: { link: Link; onClose: () => void }) {
  return (
    <div role="status">
      <DialogBody>
        <p className="text-sm">
          Hand this link to <strong className="font-semibold">{link.email}</strong>. It works once, until{' '}
          {formatDateTime(new Date(link.expiresAt))}.
        </p>
        <SecretOnce label="Link" secret={link.url} />
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Done</Button>
      </DialogFooter>
    </div>
  );
}
