import { type Logger, SILENT } from '../../src/log.js';
import { ephemeralKey } from '../../src/network/identity.js';
import type { NetworkInit } from '../../src/network/init.js';
import { Network } from '../../src/network/network.js';

/** Tests that send packets run only where none can leave the machine (see scripts/test.js); else visibly skipped. */
export const ISOLATED = process.env.GOSSIPCHAIN_TEST_NAMESPACE === '1';

export const NETWORK_ID = '515b81d5a2aeb7ed';

/** Networks of one test, stopped together at its end. */
export class Lan {
  readonly #networks: Network[] = [];

  async network(init: Partial<NetworkInit> = {}): Promise<Network> {
    const network = new Network({
      networkId: NETWORK_ID,
      version: '0.0.0',
      nickname: 'test',
      privateKey: await ephemeralKey(),
      listen: ['/ip4/127.0.0.1/tcp/0'],
      mdns: false,
      log: SILENT,
      ...init,
    });
    this.#networks.push(network);
    return network;
  }

  async started(init: Partial<NetworkInit> = {}): Promise<Network> {
    const network = await this.network(init);
    await network.start();
    return network;
  }

  async stop(): Promise<void> {
    await Promise.all(this.#networks.map((network) => network.stop()));
  }
}

/** The ids of the peers a network is connected to, sorted. */
export function peerIds(network: Network): string[] {
  return network
    .peers()
    .map(({ peerId }) => peerId)
    .sort();
}

/** A logger that keeps what is said. */
export function recordingLogger(): Logger & { said: { level: string; action: string; fields: object }[] } {
  const said: { level: string; action: string; fields: object }[] = [];
  const at = (level: string) => (fields: object, action: string) => void said.push({ level, action, fields });
  return { said, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
