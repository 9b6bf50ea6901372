/** A process on a host of its own that attacks one node: `NAME MULTIADDR NETWORK-ID SECONDS`. */
import { ATTACKS } from './attacks.js';

const [name, address, networkId, seconds] = process.argv.slice(2) as [string, string, string, string];
const attack = ATTACKS[name];
if (attack === undefined) throw new Error(`there is no attack ${name}`);
await attack({ address, networkId }, AbortSignal.timeout(Number(seconds) * 1000));
process.exit(0);
