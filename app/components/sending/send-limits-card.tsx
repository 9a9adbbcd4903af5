import { getSendLimits } from '#server/send-limits/get-send-limits.ts';
import type { SendScope } from '#server/send-limits/measures.ts';
import { read } from '@/read.ts';
import { Card } from '../card.tsx';
import { SendLimitsForm } from './send-limits-form.tsx';

const ABOUT: Readonly<Record<SendScope, string>> = {
  account: 'What is over them is held, not refused. Empty takes the default, 0 is no limit.',
  domain: 'For all mailboxes and forwards of the domain together. Empty takes the default, 0 is no limit.',
  reseller: 'For all domains of the reseller together. Empty takes the default, 0 is no limit.',
};

export async function SendLimitsCard({ scope, id, className }: { scope: SendScope; id: string; className?: string }) {
  const view = await read(getSendLimits, { scope, id });
  return (
    <Card title="Sending limits" about={ABOUT[scope]} {...(className !== undefined && { className })}>
      <SendLimitsForm scope={scope} id={id} view={view} />
    </Card>
  );
}
