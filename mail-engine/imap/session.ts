/** One client's session: what it is, what it may, and the bytes it is sent. */
import type { Turn } from '#engine/net/turn.ts';
import type { Connection } from '#engine/net/types.ts';
import { maySignIn } from '#engine/sasl/may-sign-in.ts';
import type { SaslContext, SignInSettings } from '#engine/sasl/types.ts';
import type { Store } from '#engine/store/types.ts';
import type { CommandLimits } from '#engine/wire/imap/bounded-command.ts';
import type { RelayGate } from '#server/access-rules/pop-before-smtp/open-relay.ts';
import type { AccountWatch } from '#server/auth/account-watch.ts';
import type { AuthenticatedAccount, Authenticator } from '#server/directory/types.ts';
import type { Logger } from '#server/logger.ts';
import type { AccountPlaces } from './account-places.ts';
import type { SessionState } from './command.ts';
import { ImapError, ImapGoodbye } from './errors.ts';
import type { ImapLimits } from './limits.ts';
import type { SelectedFolder } from './selected-folder.ts';

export interface ImapDeps {
  store: Store;
  authenticator: Authenticator;
  accountWatch: AccountWatch;
  /** POP-before-SMTP, where there is an SMTP service beside this one. */
  relayGate?: RelayGate;
  hostname: string;
  limits: ImapLimits;
  signInSettings: () => SignInSettings;
  now: () => Date;
  /** Shared with whoever else answers from memory. */
  turn: Turn;
}

export type Extension = 'CONDSTORE' | 'QRESYNC' | 'UTF8=ACCEPT';

export class ImapSession {
  readonly connection: Connection;
  readonly deps: ImapDeps;
  log: Logger;
  readonly enabled = new Set<Extension>();
  account: AuthenticatedAccount | null = null;
  selected: SelectedFolder | null = null;
  /** Of the command under way. */
  tag = '*';
  ended = false;
  authFailures = 0;
  /** Bytes of a response have been sent that only more bytes can complete: an error now must cut the connection. */
  midResponse = false;
  readonly #places: AccountPlaces;
  /** In ms of the epoch. */
  readonly #loginDeadline: number;
  #leaveWatch: (() => void) | undefined;

  constructor(connection: Connection, deps: ImapDeps, places: AccountPlaces, log: Logger) {
    this.connection = connection;
    this.deps = deps;
    this.#places = places;
    this.log = log;
    this.#loginDeadline = deps.now().getTime() + deps.limits.preAuthTotalMs;
  }

  get state(): SessionState {
    if (!this.account) return 'not-authenticated';
    return this.selected ? 'selected' : 'authenticated';
  }

  /** Passwords and tokens may be sent over this connection. */
  get mayAuthenticate(): boolean {
    return maySignIn(this.connection, this.deps.signInSettings());
  }

  /** The event loop's, to give way in what may take long. */
  get turn(): Turn {
    return this.deps.turn;
  }

  get sasl(): SaslContext {
    const { hostname, authenticator, signInSettings } = this.deps;
    return { service: 'imap', connection: this.connection, hostname, authenticator, settings: signInSettings() };
  }

  get utf8(): boolean {
    return this.enabled.has('UTF8=ACCEPT');
  }

  get condstore(): boolean {
    return this.enabled.has('CONDSTORE');
  }

  /** How much one line and one command may hold now. */
  get commandLimits(): CommandLimits {
    const { limits } = this.deps;
    return this.account ? limits : { lineBytes: limits.preAuthBytes, commandBytes: limits.preAuthBytes };
  }

  /** How long the client may be silent. */
  get timeoutMs(): number {
    const { limits } = this.deps;
    return this.account ? limits.idleTimeoutMs : Math.min(limits.preAuthTimeoutMs, this.#leftToLoginMs);
  }

  get #leftToLoginMs(): number {
    return this.#loginDeadline - this.deps.now().getTime();
  }

  /** Commands that do nothing must not hold a place for ever. */
  requireLoginInTime(): void {
    if (!this.account && this.#leftToLoginMs <= 0) throw new ImapGoodbye('Autologout, login took too long');
  }

  /** From here on the session is this account's, for as long as it has the right to be. */
  beginAs(account: AuthenticatedAccount): void {
    if (!this.#places.take(account.accountId)) {
      throw new ImapError('NO', 'LIMIT', 'This mailbox is open too many times already');
    }
    this.account = account;
    const { signal, release } = this.deps.accountWatch.enter(account);
    signal.addEventListener('abort', () => this.connection.revoke(), { once: true });
    this.#leaveWatch = release;
  }

  /** Gives back what the session holds; the connection is closed by its owner. */
  end(): void {
    this.#leaveWatch?.();
    if (this.account) this.#places.release(this.account.accountId);
    this.dropSelected();
  }

  requireAccountId(): number {
    if (!this.account) throw new Error('no account in this state');
    return this.account.accountId;
  }

  requireSelected(): SelectedFolder {
    if (!this.selected) throw new Error('no folder in this state');
    return this.selected;
  }

  requireWritable(): SelectedFolder {
    const selected = this.requireSelected();
    if (selected.readOnly) throw new ImapError('NO', 'READ-ONLY', 'The mailbox is selected read-only');
    return selected;
  }

  async send(bytes: string | Buffer): Promise<void> {
    await this.connection.write(bytes);
  }

  async untagged(text: string): Promise<void> {
    await this.send(`* ${text}\r\n`);
  }

  /** `+ text`, after which the client goes on. */
  async requestContinuation(text: string): Promise<void> {
    await this.send(`+ ${text}\r\n`);
    this.connection.uncork();
  }

  /** Leaves the selected folder, if any, and says so (RFC 9051 §7.1: CLOSED). */
  async unselect(): Promise<void> {
    if (!this.selected) return;
    this.dropSelected();
    await this.untagged('OK [CLOSED] Previous mailbox is closed');
  }

  dropSelected(): void {
    this.selected?.release();
    this.selected = null;
  }
}
