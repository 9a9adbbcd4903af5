import { Pause, Play, Trash2 } from 'lucide-react';
import type { Metadata } from 'next';
import { forbidden } from 'next/navigation';
import type { DomainView } from '#server/domains/domain-view.ts';
import { setCatchAll } from '#server/domains/set-catch-all.ts';
import { updateDomain } from '#server/domains/update-domain.ts';
import {
  deleteDomainsAction,
  restoreDomainsAction,
  resumeDomainsAction,
  suspendDomainsAction,
} from '@/actions/domains.ts';
import { DeedButton } from '@/components/act/deed-button.tsx';
import { Card } from '@/components/card.tsx';
import { DangerZone } from '@/components/danger-zone.tsx';
import { DomainRelayCard } from '@/components/relaying/domain-relay-card.tsx';
import { HeldNotice } from '@/components/sending/held-notice.tsx';
import { SendLimitsCard } from '@/components/sending/send-limits-card.tsx';
import { may } from '@/may.ts';
import { peopleChoices } from '@/people-choices.ts';
import { requireOperator } from '@/session.ts';
import { deleteDomainConfirm } from '../../domain-columns.tsx';
import { type DomainParams, findDomain } from '../find-domain.ts';
import { CatchAllCard } from './catch-all-card.tsx';
import { EditDomainForm } from './edit-domain-form.tsx';

export const metadata: Metadata = { title: 'Domain settings' };

function Suspension({ domain: { id, name, suspendedAt } }: { domain: DomainView }) {
  const suspended = suspendedAt !== null;
  return (
    <DangerZone
      title={suspended ? 'Resume this domain' : 'Suspend this domain'}
      about={
        suspended
          ? 'It takes no mail and nobody can sign in to its mailboxes. Resuming puts it back into service at once.'
          : 'It takes no mail and nobody can sign in to its mailboxes, until you resume it. What it holds stays.'
      }
    >
      {suspended ? (
        <DeedButton
          ids={[id]}
          label="Resume domain"
          icon={<Play aria-hidden />}
          action={resumeDomainsAction}
          done={`${name} resumed.`}
        />
      ) : (
        <DeedButton
          ids={[id]}
          label="Suspend domain"
          icon={<Pause aria-hidden />}
          action={suspendDomainsAction}
          undo={resumeDomainsAction}
          done={`${name} suspended.`}
        />
      )}
    </DangerZone>
  );
}

export default async function DomainSettingsPage({ params }: DomainParams) {
  const actor = await requireOperator();
  const domain = await findDomain((await params).domainId);
  if (!may(actor, setCatchAll)) forbidden();
  if (!may(actor, updateDomain)) {
    return (
      <div className="max-w-3xl space-y-4">
        <HeldNotice id={`domain-${domain.id}`} />
        <CatchAllCard domain={domain} />
        <DomainRelayCard domain={domain} />
      </div>
    );
  }
  const owners = await peopleChoices('domain_owner', 'Nobody');
  const resellers = actor.kind === 'admin' ? await peopleChoices('reseller', 'The host itself') : undefined;
  return (
    <div className="max-w-3xl space-y-4">
      <HeldNotice id={`domain-${domain.id}`} />
      <Card title="Settings">
        <EditDomainForm domain={domain} owners={owners} {...(resellers && { resellers })} />
      </Card>
      <SendLimitsCard scope="domain" id={domain.id} />
      <CatchAllCard domain={domain} />
      <DomainRelayCard domain={domain} />
      <Suspension domain={domain} />
      <DangerZone
        title="Delete this domain"
        about="Its mailboxes and other addresses stop receiving mail at once. All of it can be restored from Deleted items for a while."
      >
        <DeedButton
          ids={[domain.id]}
          label="Delete domain"
          variant="destructive-outline"
          icon={<Trash2 aria-hidden />}
          action={deleteDomainsAction}
          undo={restoreDomainsAction}
          done={`${domain.name} deleted.`}
          confirm={deleteDomainConfirm(domain.name)}
          goTo="/panel/domains"
        />
      </DangerZone>
    </div>
  );
}
