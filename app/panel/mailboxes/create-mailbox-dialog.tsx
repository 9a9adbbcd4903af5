import type { DomainView } from '#server/domains/domain-view.ts';
import { UrlDialog } from '@/components/url-dialog.tsx';
import { CreateMailboxForm } from './create-mailbox-form.tsx';

export function CreateMailboxDialog({ domains }: { domains: readonly DomainView[] }) {
  const choices = domains.map(({ id, name, defaultQuotaBytes }) => ({ id, name, defaultQuotaBytes }));
  return (
    <UrlDialog param="new" title="Add a mailbox" description="It receives mail as soon as it is there.">
      <CreateMailboxForm domains={choices} />
    </UrlDialog>
  );
}
