/** A running node's parts: made, wired and started in order, stopped in the reverse one. */
import { hostname } from 'node:os';
import { BoundCounts } from '../bounds.js';
import { Mempool, networkId, type Transaction } from '../chain/index.js';
import { Miner } from '../mining/miner.js';
import { DialError, Network } from '../network/index.js';
import type { BlockStore, StorageError } from '../storage/index.js';
import { VERSION } from '../version.js';
import { abortable } from './abortable.js';
import { AutoMiner } from './auto-miner.js';
import { Bouncer } from './bouncer.js';
import { Core } from './core.js';
import { type DataDirectory, openDataDirectory, openMemory } from './data-directory.js';
import { type Diagnostician, makeDiagnostician } from './diagnosis/index.js';
import { NodeError } from './errors.js';
import type { Emit } from './events.js';
import type { ChainFollower } from './follower.js';
import type { Forge } from './forge.js';
import { IN_MEMORY, ON_DISK } from './growth.js';
import { joinBy } from './join.js';
import type { ResolvedOptions } from './options.js';
import { ownHead } from './served-chain.js';
import type { ChainSync } from './sync.js';
import { Verdicts } from './verdicts.js';

export interface Parts {
  readonly store: BlockStore;
  readonly mempool: Mempool;
  readonly network: Network;
  readonly follower: ChainFollower;
  readonly sync: ChainSync;
  readonly forge: Forge;
  readonly autoMiner: AutoMiner;
  readonly diagnostician: Diagnostician;
  readonly bounds: BoundCounts;
  readonly verdicts: Verdicts;
  readonly miner: Miner;
  /** Connects to a peer of our network and keeps connected to it. @throws DialError; NodeError `other-network` */
  connect(address: string, signal?: AbortSignal): Promise<string>;
  /** Tells the network of a transaction of ours; does nothing in manual mode. */
  publish(transaction: Transaction): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Opens the data directory, then the network, then lets the node follow its peers.
 *
 * @param troubled told once, later, when the chain is found damaged or cannot be written
 * @param ending aborted when the node is to stop: a start under way is given up
 * @throws StorageError, IdentityError, ListenError, DialError, InvitationError; the signal's reason; nothing is left running
 *   or behind then
 */
export async function startParts(
  options: ResolvedOptions,
  tell: Emit,
  troubled: (error: StorageError) => void,
  ending: AbortSignal,
): Promise<Parts> {
  const { dataDir, network: spec } = options;
  const directory = await (dataDir === undefined
    ? openMemory(spec)
    : openDataDirectory(dataDir, spec, troubled, options.log));
  const started: (() => unknown)[] = [];
  const stop = async () => {
    while (started.length > 0)
      try {
        await started.pop()?.();
      } catch (error) {
        // What is not undone must not keep the rest from it, least of all the store's lock.
        options.log.error({ error }, 'stop-failed');
      }
  };
  try {
    const parts = await assemble(options, tell, directory, started, ending);
    return {
      ...parts,
      stop: async () => {
        await stop();
        await directory.close();
      },
    };
  } catch (error) {
    await stop();
    await directory.discard();
    throw error;
  }
}

/** @param started takes what undoes each step, in the order of the steps */
async function assemble(
  options: ResolvedOptions,
  tell: Emit,
  { key, store, datastore, ports, isNew }: DataDirectory,
  started: (() => unknown)[],
  ending: AbortSignal,
): Promise<Omit<Parts, 'stop'>> {
  const { network: spec, manual, log } = options;
  const mempool = new Mempool();
  const emit: Emit = (name, event) => {
    if (name === 'block' && 'source' in event) diagnostician.arrived(event);
    tell(name, event);
  };
  const verdicts = new Verdicts();
  const bounds = new BoundCounts((bound, peer) => bouncer.hit(bound, peer));
  const network = new Network({
    networkId: networkId(spec),
    version: VERSION,
    nickname: options.name ?? hostname(),
    privateKey: key,
    listen: options.listen,
    peers: options.peers,
    mdns: options.mdns,
    sharePeers: options.sharePeers,
    datastore,
    ports,
    log,
    bounds,
    metrics: options.libp2pMetrics,
  });
  const bouncer = new Bouncer(network, log);
  const diagnostician = makeDiagnostician(options, network, store, () => ownHead(store, mempool));
  const miner = new Miner(options.threads === undefined ? {} : { threads: options.threads });
  const core = new Core({
    spec,
    store,
    mempool,
    host: network,
    miner,
    manual,
    bouncer,
    bounds,
    verdicts,
    log,
    tell: emit,
    pace: options.dataDir === undefined ? IN_MEMORY : ON_DISK,
    watching: (client) => diagnostician.watching(client),
  });
  const { follower, sync, forge } = core;

  async function connect(address: string, signal?: AbortSignal): Promise<string> {
    const peerId = await network.connect(address, signal);
    const greeted = sync.greet(network.idOf(peerId));
    try {
      await (signal === undefined ? greeted : abortable(greeted, signal));
    } catch (error) {
      if (signal?.aborted) throw unanswered(address, signal);
      network.letGo(address, peerId);
      throw new NodeError(
        'other-network',
        `${address} is a node of another network: ${(error as Error).message}`,
      );
    }
    return peerId;
  }

  started.push(() => miner.stop());
  started.push(() => core.close());
  await core.open();
  network.on('peer:connect', ({ peerId, name }) => {
    emit('peer', { peerId, name, change: 'connected', at: Date.now() });
    core.met(network.idOf(peerId));
  });
  network.on('peer:disconnect', (peerId) => {
    core.lost(peerId);
    emit('peer', { peerId, name: '', change: 'disconnected', at: Date.now() });
  });
  await network.start();
  started.push(() => network.stop());
  diagnostician.start();
  started.push(() => diagnostician.stop());
  started.push(() => core.rest());
  core.follow();
  if (options.invitation !== undefined) {
    const joined = joinBy(options.invitation, connect, ending);
    // Who was here before knows more of the network than whoever invited, and can do without them.
    if (isNew) await joined;
    else void joined.catch((error: Error) => log.warn({ reason: error.message }, 'invitation-unused'));
  }
  ending.throwIfAborted();
  const autoMiner = new AutoMiner((signal) => forge.forge(signal), log);
  autoMiner.setPace(options.mineEverySeconds ?? null);
  started.push(() => autoMiner.stop());
  return {
    store,
    mempool,
    network,
    follower,
    sync,
    forge,
    autoMiner,
    diagnostician,
    bounds,
    verdicts,
    miner,
    connect,
    publish: (transaction) => core.publish(transaction),
  };
}

/** As of an address at which nobody is: who lets us in and says nothing is no better. */
function unanswered(address: string, { reason }: AbortSignal): DialError {
  const code = reason?.name === 'TimeoutError' ? 'timed-out' : 'cancelled';
  return new DialError(code, address, `${address} lets us in, and does not answer in time`, {
    cause: reason,
  });
}
