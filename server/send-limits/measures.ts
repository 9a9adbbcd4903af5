/**
 * What is limited and where. A *scope* is an account, its domain or its reseller; a *measure* is what is counted in it. Every message
 * is held against every measure of all three scopes, so that no limit below lets through what one above does not.
 */
import type { SettingValues } from '../settings/registry.ts';

/** In the order in which rows of several are locked, which is the alphabet's. */
export const SCOPES = ['account', 'domain', 'reseller'] as const;
export type SendScope = (typeof SCOPES)[number];

export const MEASURES = [
  'messagesPerHour',
  'messagesPerDay',
  'recipientsPerHour',
  'recipientsPerDay',
  'firstTimePerDay',
] as const;
export type Measure = (typeof MEASURES)[number];

/** 0 is no limit. */
export type SendLimits = Readonly<Record<Measure, number>>;

/** Null takes the default. */
export type OwnSendLimits = Readonly<Record<Measure, number | null>>;

export const NO_OWN_LIMITS: OwnSendLimits = {
  messagesPerHour: null,
  messagesPerDay: null,
  recipientsPerHour: null,
  recipientsPerDay: null,
  firstTimePerDay: null,
};

export const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  messagesPerHour: 'messages per hour',
  messagesPerDay: 'messages per day',
  recipientsPerHour: 'recipients per hour',
  recipientsPerDay: 'recipients per day',
  firstTimePerDay: 'first-time recipients per day',
};

const HOLDERS: Readonly<Record<SendScope, string>> = {
  account: 'this mailbox',
  domain: 'the domain as a whole',
  reseller: 'the reseller as a whole',
};

export interface Excess {
  scope: SendScope;
  measure: Measure;
  limit: number;
}

/** For people: in the queue, in the mail to the owner. */
export function describeExcess({ scope, measure, limit }: Excess): string {
  return `Over a sending limit of ${HOLDERS[scope]} (${MEASURE_WORDS[measure]}: ${limit.toLocaleString('en')})`;
}

export function defaultLimits(settings: SettingValues): Readonly<Record<SendScope, SendLimits>> {
  const of = (scope: SendScope): SendLimits => ({
    messagesPerHour: settings[`limits.${scope}MessagesPerHour`],
    messagesPerDay: settings[`limits.${scope}MessagesPerDay`],
    recipientsPerHour: settings[`limits.${scope}RecipientsPerHour`],
    recipientsPerDay: settings[`limits.${scope}RecipientsPerDay`],
    firstTimePerDay: settings[`limits.${scope}FirstTimePerDay`],
  });
  return { account: of('account'), domain: of('domain'), reseller: of('reseller') };
}

export function effectiveLimits(own: OwnSendLimits, defaults: SendLimits): SendLimits {
  return Object.fromEntries(MEASURES.map((measure) => [measure, own[measure] ?? defaults[measure]])) as never;
}
