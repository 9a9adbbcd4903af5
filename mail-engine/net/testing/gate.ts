import { type GateLimits, ServiceGate } from '../service-gate.ts';

/** Loopback, where tests come from, is held by `maxConnections` alone. */
export function gateOf(limits: Partial<GateLimits>): ServiceGate {
  return new ServiceGate({ service: 'smtp', limits: { maxConnections: 100, maxPerAddress: 100, ...limits } });
}
