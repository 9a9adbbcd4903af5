/** What all sessions of an engine share for checking recipients and senders. */
import type { Pool } from 'pg';
import type { DnsResolver } from '#engine/dns/types.ts';
import type { Clock } from '#engine/queue/clock.ts';
import { logger } from '#server/logger.ts';
import type { Settings } from '#server/settings/create-settings.ts';
import { ReceiveCount, type ReceiveLimits } from './receive-count.ts';
import { createRefusalTrace, type RefusalTrace } from './refusal-trace.ts';
import { checkSenderDomain, type SenderDomain } from './sender-domain.ts';
import type { SessionThresholds } from './session-count.ts';

/** Settings an admin may change while sessions are open: asked for at every use. */
export interface CheckSettings {
  thresholds: SessionThresholds;
  receive: ReceiveLimits;
  /** A full mailbox refuses for good. */
  fullIsFinal: boolean;
  checksSenderDomain: boolean;
  logsAccepted: boolean;
}

export interface RecipientCheck {
  settings: () => CheckSettings;
  received: ReceiveCount;
  refusals: RefusalTrace;
  senderDomain: (domain: string) => Promise<SenderDomain>;
  /** Sessions held back now; a new one over the limit is ended instead, for each holds a connection's place. */
  heldBack: number;
  maxHeldBack: number;
  close(): Promise<void>;
}

const MAX_HELD_BACK = 50;

interface RecipientCheckOptions {
  pool: Pool;
  resolver: DnsResolver;
  clock: Clock;
  settings: () => CheckSettings;
}

function readSettings(settings: Settings): CheckSettings {
  return {
    thresholds: {
      recipients: settings.get('smtp.maxSessionRecipients'),
      wrong: settings.get('smtp.maxWrongRecipients'),
    },
    receive: { perHour: settings.get('limits.receivedPerHour'), perDay: settings.get('limits.receivedPerDay') },
    fullIsFinal: settings.get('smtp.fullMailbox') === 'bounce',
    checksSenderDomain: settings.get('smtp.checkSenderDomain'),
    logsAccepted: settings.get('smtp.logAcceptedRecipients'),
  };
}

/** Put together once a change: every recipient asks. */
export function watchCheckSettings(settings: Settings): () => CheckSettings {
  let current = readSettings(settings);
  settings.onChange(() => {
    current = readSettings(settings);
  });
  return () => current;
}

export function createRecipientCheck({ pool, resolver, clock, settings }: RecipientCheckOptions): RecipientCheck {
  const refusals = createRefusalTrace({ pool, clock, log: logger('smtp') });
  return {
    settings,
    received: new ReceiveCount(() => clock.now()),
    refusals,
    senderDomain: (domain) => checkSenderDomain(resolver, clock, domain),
    heldBack: 0,
    maxHeldBack: MAX_HELD_BACK,
    close: () => refusals.close(),
  };
}
