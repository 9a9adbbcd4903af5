import { listAccounts } from '#server/accounts/list-accounts.ts';
import type { AddressView, ListedKind } from '#server/addresses/address-view.ts';
import { UrlDialog } from '@/components/url-dialog.tsx';
import { read } from '@/read.ts';
import type { AddressFormProps } from './address-form-props.ts';
import { KINDS } from './address-kinds.ts';
import { AliasForm } from './alias-form.tsx';
import { ForwardForm } from './forward-form.tsx';
import { ResponderForm } from './responder-form.tsx';

const MANY = 200;

const FORMS = { alias: AliasForm, forward: ForwardForm, responder: ResponderForm } as const;

interface AddressDialogProps {
  domain: { id: string; name: string };
  kind: ListedKind;
  /** The one to change; a new one otherwise. */
  address?: AddressView | undefined;
}

export async function AddressDialog({ domain, kind, address }: AddressDialogProps) {
  const accounts = await read(listAccounts, { pageSize: MANY, filters: { domainId: domain.id } });
  // A mailbox of another domain that the address leads to stays one of the choices.
  const others = (address?.targets ?? []).filter((target) => !accounts.rows.some(({ id }) => id === target.id));
  const mailboxes = [...accounts.rows, ...others].map((each) => ({ id: each.id, address: each.address }));
  const props: AddressFormProps = {
    domain: { id: domain.id, name: domain.name },
    mailboxes,
    ...(address && { address }),
  };
  const { add, about } = KINDS[kind];
  const Form = FORMS[kind];
  return (
    <UrlDialog param={address ? 'edit' : 'new'} title={address?.address ?? add} description={about}>
      <Form {...props} />
    </UrlDialog>
  );
}
