'use client';

import { useId, useRef, useState, useTransition } from 'react';
import { toast } from 'sonner';
import type { Examination } from '#server/access-rules/examine-rules.ts';
import type { RulesView } from '#server/access-rules/get-rules.ts';
import type { AccessService } from '#server/access-rules/types.ts';
import { saveRulesAction } from '@/actions/access-rules.ts';
import { Card } from '@/components/card.tsx';
import { FormAlert } from '@/components/form/form-alert.tsx';
import { refusalText } from '@/components/form/show-errors.ts';
import { Button } from '@/components/ui/button.tsx';
import { RemarkList } from './remark-list.tsx';
import { RuleTester } from './rule-tester.tsx';
import { LINE_PX, type LineMark, RulesEditor } from './rules-editor.tsx';
import { RulesSyntax } from './rules-syntax.tsx';
import { useRulesCheck } from './use-rules-check.ts';

interface RulesWorkbenchProps {
  service: AccessService;
  label: string;
  rules: RulesView;
}

function marksOf({ errors, lockouts, warnings }: Examination, hit: number | undefined): Map<number, LineMark> {
  const marks = new Map<number, LineMark>();
  if (hit !== undefined) marks.set(hit, 'hit');
  for (const { line } of warnings) marks.set(line, 'warning');
  for (const { line } of lockouts) marks.set(line, 'lockout');
  for (const { line } of errors) marks.set(line, 'error');
  // The line that was asked for is what somebody looks for now.
  if (hit !== undefined && errors.length === 0) marks.set(hit, 'hit');
  return marks;
}

/** Rules of one service: written on the left, tried out on the right, saved when they parse. */
export function RulesWorkbench({ service, label, rules }: RulesWorkbenchProps) {
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(rules.text);
  const [hit, setHit] = useState<number>();
  const [wrong, setWrong] = useState<string>();
  const [saving, startSaving] = useTransition();
  const remarks = useRulesCheck(service, text, rules);
  const changed = text !== rules.text;
  const shutsOut = remarks.lockouts.length > 0;

  function goTo(line: number, column: number): void {
    const lines = text.split('\n');
    const start = lines.slice(0, line - 1).join('\n').length + (line > 1 ? 1 : 0);
    area.current?.focus();
    area.current?.setSelectionRange(start + column - 1, start + (lines[line - 1] ?? '').length);
    area.current?.scrollTo({ top: Math.max(0, (line - 4) * LINE_PX) });
  }

  function change(next: string): void {
    setText(next);
    setHit(undefined);
    setWrong(undefined);
  }

  function save(): void {
    startSaving(async () => {
      const result = await saveRulesAction({ service, text, basedOn: rules.version, force: shutsOut });
      setWrong(result.ok ? undefined : refusalText(result));
      if (result.ok) toast.success(`Saved. New connections to ${label} follow these rules.`);
    });
  }

  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
      <Card title={`Rules for ${label}`}>
        <RulesEditor
          label={`Rules for ${label}, one a line`}
          value={text}
          onChange={change}
          marks={marksOf(remarks, hit)}
          describedBy={`${id}-remarks`}
          invalid={remarks.errors.length > 0}
          area={area}
        />
        <div id={`${id}-remarks`} role="status">
          <RemarkList remarks={remarks} onGoTo={goTo} />
        </div>
        <div className="mt-3 flex flex-col gap-3">
          <FormAlert message={wrong} />
          <div className="flex flex-wrap items-center gap-2">
            <Button
              variant={shutsOut ? 'destructive' : 'primary'}
              pending={saving}
              disabled={!changed || remarks.errors.length > 0}
              onClick={save}
            >
              {shutsOut ? 'Save anyway' : 'Save'}
            </Button>
            {changed && (
              <Button variant="ghost" onClick={() => change(rules.text)}>
                Discard changes
              </Button>
            )}
          </div>
        </div>
      </Card>
      <div className="space-y-4">
        <RuleTester service={service} label={label} text={text} isDraft={changed} onHit={setHit} />
        <RulesSyntax service={service} />
      </div>
    </div>
  );
}
