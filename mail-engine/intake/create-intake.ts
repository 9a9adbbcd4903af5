/**
 * Accepting messages (contract in types.ts) on top of the store's group commit. What differs per copy goes into its prefix:
 * Return-Path and Delivered-To for copies in folders, Received and `extraHeader` for all (RFC 5321 §4.4).
 */
import type { MailStore } from '#engine/store/create-store.ts';
import { OpenIntake } from './open-intake.ts';
import type { Intake } from './types.ts';
import { IntakeError } from './types.ts';

const FIVE_DAYS_MS = 5 * 24 * 3_600_000;

export interface IntakeOptions {
  store: MailStore;
  /** How long a queue entry is tried (RFC 5321 §4.5.4.1: at least 4 to 5 days); read for each message. */
  queueLifetimeMs?: number;
  now?: () => Date;
  /** Called after a commit that made queue entries. */
  onQueued?: () => void;
}

export function createIntake(options: IntakeOptions): Intake {
  const { store, now = () => new Date(), onQueued } = options;
  let closed = false;
  return {
    begin: (envelope) => {
      if (closed) throw new IntakeError('unavailable', 'The engine is shutting down.');
      const { queueLifetimeMs = FIVE_DAYS_MS } = options;
      return new OpenIntake(envelope, {
        blob: store.createBlobWriter(),
        committer: store.committer,
        now,
        queueLifetimeMs,
        onQueued,
      });
    },
    close: async () => {
      closed = true;
      await store.committer.close();
    },
  };
}
