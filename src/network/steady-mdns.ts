import type { EventEmitter } from 'node:events';
import type { mdns } from '@libp2p/mdns';

/** What libp2p's mDNS has inside once it is started; its type does not say so. */
interface Inside {
  readonly mdns?: EventEmitter & { update(): void };
  start(): Promise<void>;
}

/**
 * mDNS that goes on where the system does not tell its interfaces: multicast-dns looks at them every few seconds, to join the
 * groups of new ones, and what it threw there would end the process.
 */
export function withSteadyInterfaces<Discovery extends ReturnType<ReturnType<typeof mdns>>>(
  discovery: Discovery,
): Discovery {
  const inside = discovery as unknown as Inside;
  const start = inside.start.bind(discovery);
  inside.start = async () => {
    const starting = start();
    const { mdns } = inside;
    // Its socket is not open yet: until then nothing has looked. Where none was made, starting tells why.
    if (mdns !== undefined) {
      const { update } = mdns;
      mdns.update = () => {
        try {
          update();
        } catch (error) {
          mdns.emit('warning', error);
        }
      };
    }
    await starting;
  };
  return discovery;
}
