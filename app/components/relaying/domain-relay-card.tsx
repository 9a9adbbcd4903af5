import type { DomainView } from '#server/domains/domain-view.ts';
import { setPopBeforeSmtpAction } from '@/actions/access-rules.ts';
import { Card } from '../card.tsx';
import { OpeningsList } from './openings-list.tsx';
import { RelaySwitch } from './relay-switch.tsx';

export function DomainRelayCard({ domain: { id, name, popBeforeSmtp } }: { domain: DomainView }) {
  return (
    <Card title="POP-before-SMTP">
      <div className="space-y-3">
        <RelaySwitch
          id={id}
          label="Reading mail lets the same address send"
          hint="For mail programs that cannot sign in when they send. Everybody behind that address may then send as the mailbox that was read. Leave it off unless you need it."
          on={popBeforeSmtp}
          done={[`POP-before-SMTP is on for ${name}.`, `POP-before-SMTP is off for ${name}.`]}
          action={setPopBeforeSmtpAction}
        />
        {popBeforeSmtp && <OpeningsList domainId={id} />}
      </div>
    </Card>
  );
}
