import { AtSign, Forward, MessageSquareReply } from 'lucide-react';
import type { ListedKind } from '#server/addresses/address-view.ts';

/** What people read of each kind of address. */
export const KINDS = {
  alias: {
    label: 'Alias',
    icon: AtSign,
    about: 'Another address for one or more mailboxes.',
    add: 'Add an alias',
  },
  forward: {
    label: 'Forward',
    icon: Forward,
    about: 'Mail is sent on to other addresses, here or anywhere.',
    add: 'Add a forward',
  },
  responder: {
    label: 'Responder',
    icon: MessageSquareReply,
    about: 'Answers by itself what people write to it.',
    add: 'Add a responder',
  },
} as const satisfies Record<ListedKind, object>;

export const KIND_NAMES = Object.keys(KINDS) as ListedKind[];
