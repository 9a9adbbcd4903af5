import { getOperator } from '#server/operators/get-operator.ts';
import { getSendLimits } from '#server/send-limits/get-send-limits.ts';
import { SendLimitsForm } from '@/components/sending/send-limits-form.tsx';
import { DialogBody } from '@/components/ui/dialog.tsx';
import { UrlDialog } from '@/components/url-dialog.tsx';
import { readParam, type SearchParams } from '@/list-params.ts';
import { peopleChoices } from '@/people-choices.ts';
import { read } from '@/read.ts';
import type { Operator } from '@/session.ts';
import { CreatePersonForm } from './create-person-form.tsx';
import { EditPersonForm } from './edit-person-form.tsx';
import { PasswordLinkForm } from './password-link-form.tsx';

async function EditDialog({ id }: { id: string }) {
  const person = await read(getOperator, { id });
  return (
    <UrlDialog param="edit" title={person.name} description="What they go by, and what they may have.">
      <EditPersonForm person={person} />
    </UrlDialog>
  );
}

async function LinkDialog({ id }: { id: string }) {
  const person = await read(getOperator, { id });
  return (
    <UrlDialog
      param="link"
      title={`Password link for ${person.email}`}
      description="Whoever has the link sets this person's password: hand it over by a way you trust. Links made before stop working."
    >
      <PasswordLinkForm operatorId={id} />
    </UrlDialog>
  );
}

async function LimitsDialog({ id }: { id: string }) {
  const view = await read(getSendLimits, { scope: 'reseller', id });
  return (
    <UrlDialog
      param="limits"
      title={`Sending limits of ${view.name}`}
      description="For all domains of the reseller together. Empty takes the default, 0 is no limit."
    >
      <DialogBody>
        <SendLimitsForm scope="reseller" id={id} view={view} />
      </DialogBody>
    </UrlDialog>
  );
}

/** The dialog the URL asks for, if any. */
export async function PeopleDialogs({ actor, searchParams }: { actor: Operator; searchParams: SearchParams }) {
  const params = await searchParams;
  const edit = readParam(params.edit);
  const link = readParam(params.link);
  const limits = readParam(params.limits);
  if (edit !== undefined) return <EditDialog id={edit} />;
  if (link !== undefined) return <LinkDialog id={link} />;
  if (limits !== undefined) return <LimitsDialog id={limits} />;
  if (readParam(params.new) === undefined) return null;
  const resellers = actor.kind === 'admin' ? await peopleChoices('reseller', 'The host itself') : undefined;
  return (
    <UrlDialog param="new" title="Add a person" description="They choose their own password with a link you hand them.">
      <CreatePersonForm {...(resellers && { resellers })} />
    </UrlDialog>
  );
}
