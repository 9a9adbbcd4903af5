import { Download, History } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { getRules } from '#server/access-rules/get-rules.ts';
import { Time } from '@/components/time.tsx';
import { Button } from '@/components/ui/button.tsx';
import { UrlDialog } from '@/components/url-dialog.tsx';
import { readParam, type SearchParams } from '@/list-params.ts';
import { read } from '@/read.ts';
import { isAccessService, SERVICE_LABELS } from '../services.ts';
import { RulesHistory } from './rules-history.tsx';
import { RulesWorkbench } from './rules-workbench.tsx';

export const metadata: Metadata = { title: 'Access rules' };

interface RulesPageProps {
  params: Promise<{ service: string }>;
  searchParams: SearchParams;
}

export default async function RulesPage({ params, searchParams }: RulesPageProps) {
  const { service } = await params;
  if (!isAccessService(service)) notFound();
  const rules = await read(getRules, { service });
  const label = SERVICE_LABELS[service];
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <p className="mr-auto text-muted-foreground text-sm">
          {rules.saved ? (
            <>
              Saved by {rules.saved.by} <Time at={rules.saved.at} />. They hold for connections from then on.
            </>
          ) : (
            'These rules ship with Mailstead: everybody may connect, nobody may relay without signing in.'
          )}
        </p>
        <Button variant="secondary" asChild>
          <Link href={`/panel/access/${service}?history=1`} scroll={false}>
            <History aria-hidden />
            History
          </Link>
        </Button>
        <Button variant="secondary" asChild>
          <a href={`/panel/access/${service}/cdb`} download>
            <Download aria-hidden />
            tcp.{service}.cdb
          </a>
        </Button>
      </div>
      <RulesWorkbench key={rules.version} service={service} label={label} rules={rules} />
      {readParam((await searchParams).history) && (
        <UrlDialog
          param="history"
          title={`Earlier rules for ${label}`}
          description="Restoring one saves it again, as the newest. The last fifty are kept."
        >
          <RulesHistory service={service} />
        </UrlDialog>
      )}
    </>
  );
}
