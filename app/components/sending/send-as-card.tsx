import { X } from 'lucide-react';
import { getSendAs } from '#server/send-as/get-send-as.ts';
import type { SendAsView } from '#server/send-as/send-as-view.ts';
import { revokeSendAsAction } from '@/actions/sending.ts';
import { read } from '@/read.ts';
import { DeedButton } from '../act/deed-button.tsx';
import { Card } from '../card.tsx';
import { Badge } from '../ui/badge.tsx';
import { SendAsForm } from './send-as-form.tsx';

function Grant({ grant: { id, address, holds } }: { grant: SendAsView }) {
  return (
    <li className="flex items-center justify-between gap-3 border-b px-4 py-2">
      <p className="flex min-w-0 flex-wrap items-center gap-2">
        <span className="break-all">{address.startsWith('@') ? `every address ${address}` : address}</span>
        {!holds && <Badge variant="warning">No longer the same owner: does not hold</Badge>}
      </p>
      <DeedButton
        ids={[id]}
        size="sm"
        label="Revoke"
        icon={<X aria-hidden />}
        action={revokeSendAsAction}
        done={`No longer sends as ${address}.`}
      />
    </li>
  );
}

/** As what a mailbox may send besides its own addresses and aliases. */
export async function SendAsCard({ accountId, domain }: { accountId: string; domain: string }) {
  const grants = await read(getSendAs, { accountId });
  return (
    <Card title="Send as" about="Its own address and its aliases need no grant." flush>
      {grants.length > 0 && (
        <ul>
          {grants.map((grant) => (
            <Grant key={grant.id} grant={grant} />
          ))}
        </ul>
      )}
      <SendAsForm accountId={accountId} domain={domain} />
    </Card>
  );
}
