'use client';

import { type FormEvent, useId, useState, useTransition } from 'react';
import type { RuleTest } from '#server/access-rules/test-rules.ts';
import type { AccessService } from '#server/access-rules/types.ts';
import { testRulesAction } from '@/actions/access-rules.ts';
import { Card } from '@/components/card.tsx';
import { Field } from '@/components/form/field.tsx';
import { refusalText } from '@/components/form/show-errors.ts';
import { Button } from '@/components/ui/button.tsx';
import { Input } from '@/components/ui/input.tsx';
import { TestResult } from './test-result.tsx';

interface RuleTesterProps {
  service: AccessService;
  label: string;
  text: string;
  /** `text` is not saved yet. */
  isDraft: boolean;
  onHit: (line: number | undefined) => void;
}

/** "What happens to a connection from there?", by the rules as they stand in the editor. */
export function RuleTester({ service, label, text, isDraft, onHit }: RuleTesterProps) {
  const id = useId();
  const [address, setAddress] = useState('');
  const [hostname, setHostname] = useState('');
  const [answer, setAnswer] = useState<{ test: RuleTest; text: string }>();
  const [wrong, setWrong] = useState<string>();
  const [pending, startAsking] = useTransition();

  function ask(event: FormEvent): void {
    event.preventDefault();
    startAsking(async () => {
      const result = await testRulesAction({ service, address, hostname, text });
      setWrong(result.ok ? undefined : (result.fields.address ?? result.fields.hostname ?? refusalText(result)));
      setAnswer(result.ok ? { test: result.data, text } : undefined);
      onHit(result.ok ? result.data.rule?.line : undefined);
    });
  }

  return (
    <Card
      title={`What happens to a connection to ${label}?`}
      about={isDraft ? 'Asks the rules as they stand in the editor, not yet saved.' : 'Asks the rules that hold now.'}
    >
      <form method="post" noValidate onSubmit={ask} className="space-y-3">
        <Field id={`${id}-address`} label="Client's address" error={wrong}>
          <Input
            value={address}
            placeholder="192.0.2.1 or 2001:db8::1"
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
            onChange={(event) => setAddress(event.target.value)}
          />
        </Field>
        <Field id={`${id}-host`} label="Its name (optional)" hint="Only looked up where the settings say so.">
          <Input
            value={hostname}
            placeholder="mail.example.com"
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
            onChange={(event) => setHostname(event.target.value)}
          />
        </Field>
        <Button type="submit" variant="secondary" pending={pending} disabled={address.trim() === ''}>
          Try it
        </Button>
      </form>
      <div role="status" className="mt-4 empty:hidden">
        {answer && answer.text === text && <TestResult test={answer.test} />}
      </div>
    </Card>
  );
}
