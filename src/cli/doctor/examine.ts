/** Gathers what the doctor looks at: from a running node, and from this machine itself. */
import { networkId } from '../../chain/index.js';
import { factsFrom } from '../../control/index.js';
import {
  askAround,
  type Heard,
  type InterfaceState,
  lanInterfaces,
  serviceTag,
} from '../../network/index.js';
import { type Facts, unusedStorageState } from '../../node/index.js';
import type { ControlClient } from '../client.js';
import { CliError } from '../errors.js';
import { type LedgerOptions, ledgerPlace } from '../ledger-options.js';

/** How long the doctor listens by mDNS, in ms: an answer may be held back for 0.5 s, and all is asked twice. */
export const LISTEN_MS = 2_500;

/**
 * With a running node its own findings, and beside them what is heard on this machine just now; without one the latter
 * alone.
 *
 * @throws CliError the node refuses to answer, or does not answer from another machine
 */
export async function examine(client: ControlClient | undefined, options: LedgerOptions): Promise<Facts> {
  if (client === undefined) return withoutNode(options);
  const isHere = /^(127\.|localhost$|\[::1\]$)/.test(client.base.hostname);
  const told = await client.diagnosis().catch((error: unknown) => {
    if (error instanceof CliError && error.code === 'no-node' && isHere) return undefined;
    throw error;
  });
  if (told === undefined) return withoutNode(options);
  const facts = factsFrom(told.value);
  if (!isHere || facts.self === undefined) return facts;
  const networks = [facts.self.networkId, ...facts.otherNetworks.map(({ networkDigits }) => networkDigits)];
  return beside(facts, await askAround(networks.map(serviceTag), LISTEN_MS));
}

async function withoutNode(options: LedgerOptions): Promise<Facts> {
  const { directory, spec } = await ledgerPlace(options);
  const [heard, storage] = await Promise.all([
    askAround([serviceTag(networkId(spec))], LISTEN_MS),
    unusedStorageState(directory),
  ]);
  const loopback = lanInterfaces()
    .filter(({ internal }) => internal)
    .map(({ name, address }): InterfaceState => {
      return { name, address, internal: true, mdns: 'off', since: undefined, error: undefined };
    });
  return {
    at: new Date(),
    self: undefined,
    interfaces: [...heard.interfaces, ...loopback],
    sightings: [],
    dials: [],
    otherNetworks: [],
    strangers: [],
    clocks: [],
    storage,
    machines: heard.machines,
  };
}

/** What this machine hears now beside what the node has found: of two answers the worse one, unless the node does without. */
function beside(facts: Facts, heard: Heard): Facts {
  const interfaces = facts.interfaces.map((state) => {
    const now = heard.interfaces.find(({ address }) => address === state.address);
    if (now === undefined || state.mdns === 'off' || state.mdns === 'failed') return state;
    return state.mdns === 'asked' || now.mdns !== 'heard' ? now : state;
  });
  return { ...facts, interfaces, machines: heard.machines };
}
