'use server';

import { createDomain } from '#server/domains/create-domain.ts';
import { deleteDomains } from '#server/domains/delete-domains.ts';
import type { DomainView } from '#server/domains/domain-view.ts';
import { restoreDomains } from '#server/domains/restore-domains.ts';
import { resumeDomains } from '#server/domains/resume-domains.ts';
import { setCatchAll } from '#server/domains/set-catch-all.ts';
import { suspendDomains } from '#server/domains/suspend-domains.ts';
import { updateDomain } from '#server/domains/update-domain.ts';
import { act } from './act.ts';
import type { ActionResult } from './result.ts';

export async function createDomainAction(input: Parameters<typeof createDomain>[1]): Promise<ActionResult<DomainView>> {
  return act(createDomain, input);
}

export async function updateDomainAction(input: Parameters<typeof updateDomain>[1]): Promise<ActionResult<DomainView>> {
  return act(updateDomain, input);
}

export async function setCatchAllAction(input: Parameters<typeof setCatchAll>[1]): Promise<ActionResult<DomainView>> {
  return act(setCatchAll, input);
}

export async function suspendDomainsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(suspendDomains, { ids });
}

export async function resumeDomainsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(resumeDomains, { ids });
}

export async function deleteDomainsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(deleteDomains, { ids });
}

export async function restoreDomainsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(restoreDomains, { ids });
}
