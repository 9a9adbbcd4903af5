/**
 * A way to a TLS port of the engine on which OAUTHBEARER is not offered. It is spoken to in clear. curl takes OAUTHBEARER before XOAUTH2
 * wherever both are offered, even where it is told otherwise (curl's issue 10259).
 */
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { connect } from 'node:tls';

const OFFER = / (?:AUTH=)?OAUTHBEARER/g;

export interface Wire {
  port: number;
  close: () => void;
}

export async function openWithoutOauthBearer(tlsPort: number, ca: string): Promise<Wire> {
  const server = createServer((near) => {
    const far = connect({ port: tlsPort, host: 'localhost', ca });
    near.on('error', () => far.destroy()).pipe(far);
    far.on('error', () => near.destroy()).on('end', () => near.end());
    far.setEncoding('latin1').on('data', (said: string) => near.write(said.replaceAll(OFFER, ''), 'latin1'));
  });
  await once(server.listen(0, 'localhost'), 'listening');
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}
