import type { AccountView } from '#server/accounts/account-view.ts';
import { setNoRelayAction } from '@/actions/access-rules.ts';
import { Card } from '../card.tsx';
import { OpeningsList } from './openings-list.tsx';
import { RelaySwitch } from './relay-switch.tsx';

/** Nothing where the domain has it off. */
export function MailboxRelayCard({ mailbox: { id, address, domain, noRelay } }: { mailbox: AccountView }) {
  if (!domain.popBeforeSmtp) return null;
  return (
    <Card title="POP-before-SMTP">
      <div className="space-y-3">
        <RelaySwitch
          id={id}
          label="Leave this mailbox out"
          hint={`${domain.name} lets addresses send from which a mailbox was read. Switched on here, reading this one opens nothing.`}
          on={noRelay}
          done={[`${address} is left out.`, `${address} takes part again.`]}
          action={setNoRelayAction}
        />
        {!noRelay && <OpeningsList accountId={id} />}
      </div>
    </Card>
  );
}
