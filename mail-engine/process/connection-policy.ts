/**
 * Who may connect, as the settings and the access rules say it: the gate of each service, balancers, names, the greet delay. Made
 * before the database is reached, with the defaults; nobody is let in before `follow` has the real ones.
 */
import type { ReverseLookup } from '#engine/net/reverse-lookup.ts';
import { type GateLimits, ServiceGate } from '#engine/net/service-gate.ts';
import type { ListenerPolicy } from '#engine/net/types.ts';
import type { AccessPolicy, AccessService } from '#server/access-rules/types.ts';
import { createNetworkSet } from '#server/input/network.ts';
import type { Settings } from '#server/settings/create-settings.ts';
import { SETTINGS, type SettingKey } from '#server/settings/registry.ts';

type ServiceGates = Readonly<Record<AccessService, ServiceGate>>;

interface Followed {
  settings: Settings;
  access?: AccessPolicy;
  reverseLookup: ReverseLookup;
}

export interface ConnectionPolicy {
  readonly gates: ServiceGates;
  readonly listening: ListenerPolicy;
  follow(followed: Followed): void;
}

const MAX_KEYS = {
  smtp: 'connections.maxSmtp',
  submission: 'connections.maxSubmission',
  imap: 'connections.maxImap',
  pop3: 'connections.maxPop3',
} as const satisfies Record<AccessService, SettingKey>;

function createGates(get: Settings['get'], isOwn: (address: string) => boolean): ServiceGates {
  const limitsOf = (service: AccessService): GateLimits => ({
    get maxConnections() {
      return get(MAX_KEYS[service]);
    },
    get maxPerAddress() {
      return get('connections.maxPerAddress');
    },
    get maxPerNetwork() {
      return get('connections.maxPerNetwork');
    },
    get ratePerAddress() {
      return get('connections.ratePerAddress');
    },
    get ratePerNetwork() {
      return get('connections.ratePerNetwork');
    },
    get whenFull() {
      return get('connections.whenFull');
    },
    get maxWaiting() {
      return get('connections.maxWaiting');
    },
    isOwn,
  });
  const gateOf = (service: AccessService) => new ServiceGate({ service, limits: limitsOf(service) });
  return { smtp: gateOf('smtp'), submission: gateOf('submission'), imap: gateOf('imap'), pop3: gateOf('pop3') };
}

export function createConnectionPolicy(): ConnectionPolicy {
  let followed: Followed | undefined;
  let own = createNetworkSet([]);
  let proxies = createNetworkSet([]);
  // A key's default is of the key's type: a schema has to accept it.
  const get: Settings['get'] = (key) => followed?.settings.get(key) ?? (SETTINGS[key].default as never);
  const gates = createGates(get, (address) => own.has(address));

  const readNetworks = () => {
    own = createNetworkSet(get('connections.ownNetworks'));
    proxies = createNetworkSet(get('connections.proxyNetworks'));
    for (const gate of Object.values(gates)) gate.admitWaiting();
  };
  return {
    gates,
    listening: {
      get access() {
        return followed?.access;
      },
      get proxies() {
        return proxies;
      },
      get lookUpName() {
        const mode = get('connections.reverseLookup');
        const lookUp = followed?.reverseLookup;
        return mode === 'off' || !lookUp ? undefined : (address: string) => lookUp(address, mode);
      },
      get greetDelayMs() {
        return get('connections.greetDelaySeconds') * 1_000;
      },
    },
    follow: (from) => {
      followed = from;
      from.settings.onChange(readNetworks);
      readNetworks();
    },
  };
}
