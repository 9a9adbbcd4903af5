import { Trash2 } from 'lucide-react';
import type { CertificateView } from '#server/certificates/certificate-view.ts';
import { deleteCertificatesAction } from '@/actions/certificates.ts';
import { RowMenu } from '@/components/act/row-menu.tsx';
import type { Column } from '@/components/data-table/data-table.tsx';
import { TextLink } from '@/components/text-link.tsx';
import { Time } from '@/components/time.tsx';
import { Badge } from '@/components/ui/badge.tsx';

const SHOWN_NAMES = 4;

function namesCell({ names, issuer }: CertificateView) {
  const more = names.length - SHOWN_NAMES;
  return (
    <div className="min-w-0 max-w-xl">
      {names.slice(0, SHOWN_NAMES).map((name) => (
        <p key={name} className="break-words font-medium">
          {name}
        </p>
      ))}
      {more > 0 && <p className="text-muted-foreground text-xs">and {more} more</p>}
      <p className="break-words text-muted-foreground text-xs">Issued by {issuer}</p>
    </div>
  );
}

function expiryCell({ notAfter, expiry }: CertificateView) {
  return (
    <span className="inline-flex flex-wrap items-center gap-2 whitespace-nowrap">
      {expiry === 'soon' && <Badge variant="warning">Renew soon</Badge>}
      {expiry === 'expired' && <Badge variant="destructive">Expired</Badge>}
      <Time at={notAfter} />
    </span>
  );
}

const CONFIRM = {
  title: 'Delete this certificate?',
  description:
    'Mail programs that connect by its names are shown another certificate and may warn. The key is deleted too.',
  confirm: 'Delete certificate',
};

const OWN: readonly Column<CertificateView>[] = [
  { id: 'names', header: 'Names', cell: namesCell },
  { id: 'notAfter', header: 'Valid until', sort: 'notAfter', cell: expiryCell },
  {
    id: 'createdAt',
    header: 'Added',
    sort: 'createdAt',
    show: 'wide',
    cell: ({ createdAt, createdBy }) => (
      <span className="text-muted-foreground">
        <Time at={createdAt} /> by {createdBy}
      </span>
    ),
  },
  {
    id: 'deeds',
    header: 'Actions',
    hideHeader: true,
    align: 'right',
    cell: ({ id, names }) => (
      <RowMenu
        id={id}
        label={names[0] ?? 'certificate'}
        items={[
          {
            label: 'Delete certificate',
            icon: <Trash2 aria-hidden />,
            destructive: true,
            action: deleteCertificatesAction,
            done: 'Certificate deleted.',
            confirm: CONFIRM,
          },
        ]}
      />
    ),
  },
];

const DOMAIN: Column<CertificateView> = {
  id: 'domain',
  header: 'Domain',
  show: 'wide',
  cell: ({ domain }) =>
    domain ? (
      <TextLink href={`/panel/domains/${domain.id}/certificates`}>{domain.name}</TextLink>
    ) : (
      <span className="text-muted-foreground">The host</span>
    ),
};

/** Of one domain, or of all with the domain's name. */
export function certificateColumns(withDomain: boolean): readonly Column<CertificateView>[] {
  const [names, ...rest] = OWN;
  return withDomain && names ? [names, DOMAIN, ...rest] : OWN;
}
