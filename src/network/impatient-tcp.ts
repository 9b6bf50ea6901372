import type { Upgrader } from '@libp2p/interface';
import { tcp } from '@libp2p/tcp';
import { withAny } from '../with-any.js';
import { CONNECT_TIMEOUT_MS } from './constants.js';
import { withSteadyAddresses } from './steady-addresses.js';

/**
 * TCP that gives up soon on whoever does not answer, and not on whoever has answered: libp2p has one time for both, and
 * a handshake on a bad line takes longer than is good to wait for a machine that is gone.
 *
 * Node's sockets listen to the signal that they are opened with until they are garbage, and Node keeps a signal made by
 * `AbortSignal.any` for as long as somebody listens: with one of those, no socket that we ever opened would go.
 */
export function impatientTcp(
  components: Parameters<ReturnType<typeof tcp>>[0],
): ReturnType<ReturnType<typeof tcp>> {
  const transport = tcp()(components);
  const dial = transport.dial.bind(transport);
  transport.dial = async (address, options) => {
    const gaveUp = new AbortController();
    const timer = setTimeout(() => gaveUp.abort(), CONNECT_TIMEOUT_MS);
    const upgradeOutbound: Upgrader['upgradeOutbound'] = (connection, rest) => {
      clearTimeout(timer);
      return options.upgrader.upgradeOutbound(connection, rest);
    };
    const upgrader = Object.create(options.upgrader, { upgradeOutbound: { value: upgradeOutbound } });
    try {
      return await withAny([options.signal, gaveUp.signal], (signal) =>
        dial(address, { ...options, signal, upgrader }),
      );
    } finally {
      clearTimeout(timer);
    }
  };
  const createListener = transport.createListener.bind(transport);
  transport.createListener = (options) => withSteadyAddresses(createListener(options));
  return transport;
}
