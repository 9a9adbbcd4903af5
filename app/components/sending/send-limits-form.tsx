'use client';

import { zodResolver } from '@hookform/resolvers/zod';
import { useForm } from 'react-hook-form';
import { toast } from 'sonner';
import { z } from 'zod';
import type { SendLimitsView } from '#server/send-limits/get-send-limits.ts';
import type { Measure, SendScope } from '#server/send-limits/measures.ts';
import { updateSendLimitsAction } from '@/actions/sending.ts';
import { formatCount } from '@/format.ts';
import { SettingsForm } from '../form/settings-form.tsx';
import { showErrors } from '../form/show-errors.ts';
import { TextField } from '../form/text-field.tsx';

const NAMES: readonly (readonly [Measure, string])[] = [
  ['messagesPerHour', 'Messages per hour'],
  ['messagesPerDay', 'Messages per day'],
  ['recipientsPerHour', 'Recipients per hour'],
  ['recipientsPerDay', 'Recipients per day'],
  ['firstTimePerDay', 'First-time recipients per day'],
];

const typed = z.string().transform((text, issues) => {
  const trimmed = text.trim();
  if (trimmed === '') return null;
  if (/^\d{1,15}$/.test(trimmed)) return Number(trimmed);
  issues.addIssue({ code: 'custom', message: 'Enter a whole number, or leave it empty for the default.' });
  return z.NEVER;
});
const schema = z.object({
  messagesPerHour: typed,
  messagesPerDay: typed,
  recipientsPerHour: typed,
  recipientsPerDay: typed,
  firstTimePerDay: typed,
});

const shown = (limit: number): string => (limit === 0 ? 'no limit' : formatCount(limit));

function hintOf({ effective, defaults, used, cap }: SendLimitsView, measure: Measure): string {
  const parts = [`${formatCount(used[measure])} of ${shown(effective[measure])} used`];
  parts.push(`default ${shown(defaults[measure])}`);
  if (cap[measure] > 0) parts.push(`${formatCount(cap[measure])} at most`);
  return `${parts.join(', ')}.`;
}

interface SendLimitsFormProps {
  scope: SendScope;
  id: string;
  view: SendLimitsView;
}

export function SendLimitsForm({ scope, id, view }: SendLimitsFormProps) {
  const text = (measure: Measure): string => (view.own[measure] === null ? '' : String(view.own[measure]));
  const { control, handleSubmit, formState, setError, reset, getValues } = useForm({
    resolver: zodResolver(schema),
    mode: 'onTouched',
    defaultValues: {
      messagesPerHour: text('messagesPerHour'),
      messagesPerDay: text('messagesPerDay'),
      recipientsPerHour: text('recipientsPerHour'),
      recipientsPerDay: text('recipientsPerDay'),
      firstTimePerDay: text('firstTimePerDay'),
    },
  });

  async function submit(limits: z.output<typeof schema>): Promise<void> {
    const result = await updateSendLimitsAction({ scope, id, ...limits });
    if (!result.ok) {
      showErrors(
        result,
        setError,
        NAMES.map(([measure]) => measure),
      );
      return;
    }
    reset(getValues());
    toast.success('Saved.');
  }

  return (
    <SettingsForm
      onSubmit={handleSubmit(submit)}
      submit={view.mayChange ? 'Save limits' : null}
      pending={formState.isSubmitting}
      isDirty={formState.isDirty}
      refusal={formState.errors.root?.message}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {NAMES.map(([measure, label]) => (
          <TextField
            key={measure}
            control={control}
            name={measure}
            label={label}
            hint={hintOf(view, measure)}
            inputMode="numeric"
            disabled={!view.mayChange}
          />
        ))}
      </div>
    </SettingsForm>
  );
}
