/** A mail server under test. */
export interface Subject {
  name: string;
  smtpPort: number;
  /** Messages that stand in their folders now. */
  countDelivered(): Promise<number>;
  /** Its programs, by name: process ids of which all others come. */
  processes: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}
