import { cache } from 'react';
import { getDomain } from '#server/domains/get-domain.ts';
import { read } from '@/read.ts';

/** The domain of the page, read once for the layout and the page below it. */
export const findDomain = cache((id: string) => read(getDomain, { id }));

export interface DomainParams {
  params: Promise<{ domainId: string }>;
}
