/** What a database must hold before it is used: our format, our network; a new one is given both. */
import {
  canonicalJson,
  createNetwork,
  GENESIS_INDEX,
  isJsonObject,
  type NetworkSpec,
  parseJson,
  readBlock,
  sha256,
} from '../chain/index.js';
import type { Database } from './database.js';
import { StorageError } from './errors.js';
import { FORMAT_VERSION, layout } from './layout.js';
import { hashOf, textRecord } from './records.js';
import { NOTHING, recordIn, runRecord } from './run.js';

const HASH_SHOWN = 16;
const VALUE_SHOWN = 80;

/** @throws StorageError `unknown-format`, `other-network` */
export async function checkFormat(db: Database, spec: NetworkSpec): Promise<void> {
  const [version, network] = await db.getMany([layout.version, layout.network]);
  if (version === undefined && (await db.keys({ limit: 1 })).length === 0) return await create(db, spec);
  if (version?.toString() !== String(FORMAT_VERSION)) {
    const found = version === undefined ? 'is no chain of ours' : `has the format ${shown(version)}`;
    const wayOut = 'use the version that wrote it, or choose another --data-dir';
    throw new StorageError(
      'unknown-format',
      `${db.place} ${found}; this version reads the format ${FORMAT_VERSION}: ${wayOut}`,
    );
  }
  if (network === undefined) throw db.damaged('its network is missing');
  if (network.toString('latin1') === networkText(spec)) return;
  const run = await db.get(layout.run(GENESIS_INDEX));
  const first = run && recordIn({ first: GENESIS_INDEX, record: run }, GENESIS_INDEX);
  if (first === undefined || genesisHashIn(network) !== hashOf(first))
    throw db.damaged('its network is not what was stored');
  throw otherNetwork(db.place, network, spec);
}

/** The network of a chain in our format; undefined where it is none, or not what was stored. */
export async function networkIn(db: Database): Promise<NetworkSpec | undefined> {
  const [version, network] = await db.getMany([layout.version, layout.network]);
  if (version?.toString() !== String(FORMAT_VERSION) || network === undefined) return undefined;
  try {
    const { name, difficulty, genesis } = parseJson(network) as unknown as NetworkSpec;
    const spec = createNetwork({ name, difficulty, genesis: readBlock(genesis) });
    return networkText(spec) === network.toString('latin1') ? spec : undefined;
  } catch {
    return undefined; // whatever is wrong with it
  }
}

/** A version as it stands there, which may be anything. */
function shown(version: Buffer): string {
  const text = version.toString('latin1');
  return /^\d{1,9}$/.test(text) ? text : 'of something else';
}

/** All in one batch: a directory whose start was cut off is empty, not broken. */
async function create(db: Database, spec: NetworkSpec): Promise<void> {
  const { genesis } = spec;
  await db.write([
    { type: 'put', key: layout.version, value: textRecord(FORMAT_VERSION) },
    { type: 'put', key: layout.network, value: textRecord(networkText(spec)) },
    { type: 'put', key: layout.run(genesis.index), value: runRecord([genesis], NOTHING) },
  ]);
}

function networkText({ name, rules, difficulty, genesis }: NetworkSpec): string {
  return canonicalJson({ name, rules, difficulty, genesis });
}

function otherNetwork(place: string, record: Buffer, spec: NetworkSpec): StorageError {
  const theirs = describe(record.toString('latin1'));
  const ours = describe(networkText(spec));
  return new StorageError(
    'other-network',
    `${place} holds the chain of the network ${theirs}, not of ${ours}: choose another --data-dir, or the --network, --difficulty and --genesis it was made with`,
  );
}

/** Undefined where it cannot be read. */
function genesisHashIn(network: Buffer): string | undefined {
  try {
    const spec = parseJson(network);
    return isJsonObject(spec) ? sha256(canonicalJson(spec.genesis)) : undefined;
  } catch {
    return undefined; // whatever is wrong with it
  }
}

/** What was stored may be anything by now: no more of it is shown than names a network. */
function describe(network: string): string {
  const spec = parseJson(network);
  if (!isJsonObject(spec)) return 'unknown';
  const genesis = sha256(canonicalJson(spec.genesis)).slice(0, HASH_SHOWN);
  const [name, difficulty] = [spec.name, spec.difficulty].map((value) =>
    canonicalJson(value).slice(0, VALUE_SHOWN),
  );
  return `${name} (difficulty ${difficulty}, genesis ${genesis}…)`;
}
