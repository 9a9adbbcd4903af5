import type { AccessService } from '#server/access-rules/types.ts';
import { Card } from '@/components/card.tsx';

type Example = readonly [rule: string, meaning: string];

const ADDRESSES: readonly Example[] = [
  ['192.0.2.1:deny', 'one address'],
  ['192.0.2.:allow', 'all that begin so; the dot at the end matters'],
  ['192.0.2.10-19:deny', 'a range'],
  ['10.0.0.0/12:allow', 'a network, also [2001:db8::]/32'],
  ['=mail.example.com:allow', 'a client by its name'],
  ['=.example.com:deny', 'all names in a domain'],
  [':deny', 'everybody else'],
];

const VARIABLES: readonly Example[] = [
  ['…:allow,RELAYCLIENT=""', 'may send to any domain'],
  ['…:allow,RBLSMTPD=""', 'skips the block lists'],
  ['…:allow,RBLSMTPD="-No thanks"', 'mail is refused with this'],
  ['…:allow,DATABYTES="1000000"', 'largest message, in bytes'],
  ['…:allow,TARPITCOUNT="5",TARPITDELAY="10"', 'slow after five recipients'],
];

function Examples({ examples }: { examples: readonly Example[] }) {
  return (
    <dl className="space-y-1.5">
      {examples.map(([rule, meaning]) => (
        <div key={rule}>
          <dt className="break-all font-mono text-xs">{rule}</dt>
          <dd className="text-muted-foreground text-xs">{meaning}</dd>
        </div>
      ))}
    </dl>
  );
}

/** How rules are written, beside where they are. */
export function RulesSyntax({ service }: { service: AccessService }) {
  const takesMail = service === 'smtp' || service === 'submission';
  return (
    <Card title="How rules are written" about="The most exact address decides alone, wherever its line stands.">
      <div className="space-y-3">
        <Examples examples={ADDRESSES} />
        {takesMail && <Examples examples={VARIABLES} />}
      </div>
    </Card>
  );
}
