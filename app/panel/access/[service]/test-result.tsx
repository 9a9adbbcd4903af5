import type { RuleTest } from '#server/access-rules/test-rules.ts';
import { Time } from '@/components/time.tsx';
import { Badge } from '@/components/ui/badge.tsx';

function Reason({ test: { decidedBy, rule, openedBy } }: { test: RuleTest }) {
  if (decidedBy === 'opening') {
    return (
      <>
        <p>POP-before-SMTP decides, before any rule: relaying was opened for this address.</p>
        <ul>
          {openedBy.map(({ address, expiresAt }) => (
            <li key={address} className="break-words">
              By {address}, ends <Time at={expiresAt} />
            </li>
          ))}
        </ul>
        {rule && <p className="text-muted-foreground">Without it, line {rule.line} would decide.</p>}
      </>
    );
  }
  if (rule === null) return <p>No rule speaks of this client, and that allows it.</p>;
  return (
    <>
      <p>Line {rule.line} decides:</p>
      <p className="break-all rounded-md bg-accent px-2 py-1 font-mono text-accent-foreground text-xs">{rule.text}</p>
    </>
  );
}

/** Allowed or not, why, and what holds for the connection. */
export function TestResult({ test }: { test: RuleTest }) {
  const { address, allow, variables } = test;
  return (
    <div className="space-y-2 text-sm">
      <p className="flex flex-wrap items-center gap-2">
        <Badge variant={allow ? 'success' : 'destructive'}>{allow ? 'Allowed' : 'Denied'}</Badge>
        <span className="break-all font-mono">{address}</span>
      </p>
      <Reason test={test} />
      {!allow && <p className="text-muted-foreground">The connection is closed without a word.</p>}
      {variables.length > 0 && (
        <dl className="space-y-1.5 border-t pt-2">
          {variables.map(({ name, value, meaning }) => (
            <div key={name}>
              <dt className="break-all font-mono text-xs">
                {name}="{value}"
              </dt>
              <dd className="text-muted-foreground">{meaning}</dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}
