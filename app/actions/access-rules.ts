'use server';

import { checkRules } from '#server/access-rules/check-rules.ts';
import type { CurrentRules } from '#server/access-rules/current-rules.ts';
import type { Examination } from '#server/access-rules/examine-rules.ts';
import { revokeOpenings } from '#server/access-rules/pop-before-smtp/revoke-openings.ts';
import { restoreVersion } from '#server/access-rules/restore-version.ts';
import { saveRules } from '#server/access-rules/save-rules.ts';
import { type RuleTest, testRules } from '#server/access-rules/test-rules.ts';
import { setNoRelay } from '#server/accounts/set-no-relay.ts';
import { setPopBeforeSmtp } from '#server/domains/set-pop-before-smtp.ts';
import { act, ask } from './act.ts';
import type { ActionResult } from './result.ts';

export async function checkRulesAction(input: Parameters<typeof checkRules>[1]): Promise<ActionResult<Examination>> {
  return ask(checkRules, input);
}

export async function testRulesAction(input: Parameters<typeof testRules>[1]): Promise<ActionResult<RuleTest>> {
  return ask(testRules, input);
}

export async function saveRulesAction(input: Parameters<typeof saveRules>[1]): Promise<ActionResult<CurrentRules>> {
  return act(saveRules, input);
}

export async function restoreVersionAction(
  input: Parameters<typeof restoreVersion>[1],
): Promise<ActionResult<CurrentRules>> {
  return act(restoreVersion, input);
}

export async function revokeOpeningsAction(ids: string[]): Promise<ActionResult<unknown>> {
  return act(revokeOpenings, { ids });
}

export async function setPopBeforeSmtpAction(id: string, on: boolean): Promise<ActionResult<unknown>> {
  return act(setPopBeforeSmtp, { id, on });
}

export async function setNoRelayAction(id: string, noRelay: boolean): Promise<ActionResult<unknown>> {
  return act(setNoRelay, { id, noRelay });
}
