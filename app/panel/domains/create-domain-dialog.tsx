import { UrlDialog } from '@/components/url-dialog.tsx';
import { peopleChoices } from '@/people-choices.ts';
import type { Operator } from '@/session.ts';
import { CreateDomainForm } from './create-domain-form.tsx';

export async function CreateDomainDialog({ actor }: { actor: Operator }) {
  const owners = await peopleChoices('domain_owner', 'Nobody');
  const resellers = actor.kind === 'admin' ? await peopleChoices('reseller', 'The host itself') : undefined;
  return (
    <UrlDialog
      param="new"
      title="Add a domain"
      description="Mail for it is accepted as soon as its MX record points here."
    >
      <CreateDomainForm owners={owners} {...(resellers && { resellers })} />
    </UrlDialog>
  );
}
