/** The client's side of SCRAM-SHA-256 (RFC 5802 §3), written from the RFC and not from the server. */
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

export interface ScramClientOptions {
  login: string;
  password: string;
  /** gs2-header, with its two commas. */
  header?: string;
  binding?: Buffer;
  /** What a client that misbehaves does with its final message. */
  alter?: (final: string) => string;
}

export class ScramClient {
  readonly #options: ScramClientOptions;
  readonly #nonce = randomBytes(12).toString('base64');
  #serverSignature: Buffer | undefined;

  constructor(options: ScramClientOptions) {
    this.#options = options;
  }

  get #bare(): string {
    return `n=${this.#options.login.replaceAll('=', '=3D').replaceAll(',', '=2C')},r=${this.#nonce}`;
  }

  get #header(): string {
    return this.#options.header ?? 'n,,';
  }

  first(): Buffer {
    return Buffer.from(this.#header + this.#bare);
  }

  /** Answers the server's first message. */
  final(serverFirst: Buffer): Buffer {
    const { password, binding = Buffer.alloc(0), alter = (text) => text } = this.#options;
    const [, nonce = '', salt = '', iterations = ''] = /^r=([^,]+),s=([^,]+),i=(\d+)$/.exec(String(serverFirst)) ?? [];
    if (!nonce.startsWith(this.#nonce) || nonce === this.#nonce) throw new Error('the server did not add to the nonce');
    const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(iterations), 32, 'sha256');
    const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
    const clientKey = hmac(salted, 'Client Key');
    const bound = Buffer.concat([Buffer.from(this.#header), binding]).toString('base64');
    const withoutProof = `c=${bound},r=${nonce}`;
    const message = `${this.#bare},${serverFirst},${withoutProof}`;
    const signature = hmac(createHash('sha256').update(clientKey).digest(), message);
    this.#serverSignature = hmac(hmac(salted, 'Server Key'), message);
    const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
    return Buffer.from(alter(`${withoutProof},p=${proof.toString('base64')}`));
  }

  /** Whether the server proved that it knows the password too. */
  isServer(serverFinal: Buffer): boolean {
    return serverFinal.toString() === `v=${this.#serverSignature?.toString('base64')}`;
  }
}
