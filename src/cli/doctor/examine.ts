/** Gathers what the doctor looks at: from a running node, and from this machine itself. */
import { resolve } from 'node:path';
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
import { type LedgerOptions, type LedgerPlace, ledgerPlace, saysNetwork } from '../ledger-options.js';

/** How long the doctor listens by mDNS, in ms: an answer may be held back for 0.5 s, and all is asked twice. */
export const LISTEN_MS = 2_500;

/**
 * With a node its own findings, and, where it runs on this machine, beside them what is heard here just now; without one the
 * latter alone.
 *
 * @throws CliError the node does not answer, or refuses to: then that is what is in the way
 */
export async function examine(client: ControlClient | undefined, options: LedgerOptions): Promise<Facts> {
  if (client === undefined) return withoutNode(options);
  const facts = factsFrom((await client.diagnosis()).value);
  const isHere = /^(127\.|localhost$|\[::1\]$)/.test(client.base.hostname);
  if (!isHere || facts.self === undefined) return facts;
  const networks = [facts.self.networkId, ...facts.otherNetworks.map(({ networkDigits }) => networkDigits)];
  const heard = await askAround(networks.map(serviceTag), LISTEN_MS);
  return { ...beside(facts, heard), storage: await storageMeant(facts, options) };
}

/** The node's own, unless another directory was named: of that, whether it is of the network that was said, else of the node's; exported for its test. */
export async function storageMeant(
  { self, storage }: Facts,
  options: LedgerOptions,
): Promise<Facts['storage']> {
  const { dataDir } = options;
  if (dataDir === undefined || resolve(dataDir) === storage?.directory) return storage;
  if (self === undefined || saysNetwork(options)) return await storageIn(await ledgerPlace(options));
  return await unusedStorageState(dataDir, self.networkId);
}

async function storageIn({ directory, spec }: LedgerPlace): Promise<Facts['storage']> {
  return await unusedStorageState(directory, networkId(spec));
}

async function withoutNode(options: LedgerOptions): Promise<Facts> {
  const place = await ledgerPlace(options);
  const [heard, storage] = await Promise.all([
    askAround([serviceTag(networkId(place.spec))], LISTEN_MS),
    storageIn(place),
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
