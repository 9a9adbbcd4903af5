/** A mail server under test. */
export interface Subject {
  name: string;
  smtpPort: number;
  /** Copies that stand in the load's mailboxes now. */
  countDelivered(): Promise<number>;
  /** True while something is on its way from the connection to a mailbox. */
  isDelivering(): Promise<boolean>;
  /** Called between the warming run and the measured ones: the server as it is after hours, not after its first minute. */
  settle(): Promise<void>;
  /** Its programs, by name: process ids of which all others come. */
  processes: Readonly<Record<string, number>>;
  stop(): Promise<void>;
}
