import type { AddressView } from '#server/addresses/address-view.ts';

export interface AddressFormProps {
  domain: { id: string; name: string };
  mailboxes: readonly { id: string; address: string }[];
  /** The one to change; a new one otherwise. */
  address?: AddressView;
}

export function mailboxChoices({ mailboxes }: AddressFormProps) {
  return mailboxes.map(({ id, address }) => ({ value: id, label: address }));
}

export function chosenTargets({ address }: AddressFormProps): string[] {
  return address?.targets.map(({ id }) => id) ?? [];
}
