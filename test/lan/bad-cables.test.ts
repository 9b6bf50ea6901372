/** Where a third of all packets is lost, or all come late, nodes find each other and agree nevertheless. */
import { it } from 'vitest';
import { describeNodes } from '../e2e/running-node.js';
import { hasCables } from './cable.js';
import { Lan } from './lan.js';
import { Acknowledged, startAll, untilOneHead } from './room.js';
import { seconds } from './until.js';

const NETWORK = ['--network', 'bad-cables', '--difficulty', '1'];

/** On a bad line all takes long, in ms. */
const PATIENCE_MS = 100_000;

describeNodes('hosts that are joined by nothing but bad cables', () => {
  it.skipIf(!hasCables).each([
    ['30 % loss', { loss: 0.3 }],
    ['200 ms delay', { delayMs: 200 }],
    ['30 % loss and 200 ms each way', { loss: 0.3, delayMs: 200 }],
  ])(
    '%s, find each other and agree',
    async (name, cable) => {
      const lan = await Lan.make(3);
      for (const host of lan.hosts) await lan.spoil(host, cable);
      const nodes = await startAll(lan, ...NETWORK);
      const sent = new Acknowledged();
      for (const node of nodes) await sent.send(node);
      await nodes[0]!.mine(3);
      for (const node of nodes) await sent.send(node);
      // Connections may come and go there; none need last for what they carried to stay.
      const agreed = await untilOneHead(nodes, 4, PATIENCE_MS);
      const kept = await sent.untilAllKept(nodes, PATIENCE_MS);
      const each: string[] = [];
      for (const [i, node] of nodes.entries()) {
        await node.mine();
        each.push(seconds(await untilOneHead(nodes, 5 + i, PATIENCE_MS)));
      }
      const ended = nodes.map(({ output }) => output.match(/peer-left/g)?.length ?? 0);
      console.log(
        `${name}: one head after ${seconds(agreed)}, all transactions everywhere ${seconds(kept)} later; ` +
          `of three blocks more after ${each.join(', ')}; connections ended: ${ended.join(', ')}`,
      );
    },
    5 * PATIENCE_MS + 30_000,
  );
});
