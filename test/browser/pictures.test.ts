/** The pictures of the README, made anew and kept by `GOSSIPCHAIN_PICTURES=docs/pictures npm run test:browser -- test/browser/pictures.test.ts`. */
import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { RunningNode, scratch, untilAgreed, untilStatus } from '../e2e/running-node.js';
import { card, describePage, openPage, untilShown } from './browser.js';

const NAMES = ['ada', 'bob', 'carol', 'dan'];
const LENGTH = 4;
/** Of a picture: who reads the README should not wait for it. */
const MOST_BYTES = 250_000;

function start(name: string, ...args: string[]): Promise<RunningNode> {
  return RunningNode.start(['--port', '0', '--no-mdns', '--name', name, ...args]);
}

/** Four nodes with a history: a branch that lost, blocks and payments of everyone. */
async function network(): Promise<[RunningNode, ...RunningNode[]]> {
  const [ada, bob] = (await Promise.all(NAMES.slice(0, 2).map((name) => start(name)))) as [
    RunningNode,
    RunningNode,
  ];
  await ada.post('/transactions/new', { sender: 'alice', recipient: 'bob', amount: 5 });
  await ada.mine();
  for (let i = 0; i < 2; i++) await bob.mine();
  const others = await Promise.all(NAMES.slice(2).map((name) => start(name)));
  const nodes: [RunningNode, ...RunningNode[]] = [ada, bob, ...others];
  for (const [at, node] of nodes.entries())
    await node.post('/nodes/register', { nodes: nodes.slice(at + 1).map(({ url }) => url) });
  await Promise.all(nodes.map((node) => untilStatus(node, ({ peers }) => peers === 3)));
  await untilAgreed(nodes, LENGTH - 1);
  await others[1]?.mine();
  await untilAgreed(nodes, LENGTH);
  await bob.post('/transactions/new', { sender: 'bob', recipient: 'carol', amount: 2.5 });
  await others[0]?.post('/transactions/new', { sender: 'carol', recipient: 'dan', amount: 1 });
  await Promise.all(nodes.map((node) => untilStatus(node, ({ pending }) => pending >= 2)));
  return nodes;
}

describePage('pictures', () => {
  it('of a node and of a room are made, and are small', async () => {
    const folder = process.env.GOSSIPCHAIN_PICTURES ?? scratch();
    mkdirSync(folder, { recursive: true });
    const take = async (page: Page, name: string) => {
      await page.evaluate(() => new Promise(requestAnimationFrame));
      const path = join(folder, `${name}.png`);
      await page.screenshot({ path });
      expect(statSync(path).size).toBeLessThan(MOST_BYTES);
    };
    const [ada] = await network();
    const node = await openPage(ada.url, { viewport: { width: 1280, height: 1180 } });
    await untilShown(node, LENGTH);
    await card(node, LENGTH).waitFor();
    await node.getByRole('button', { name: 'Got it' }).click();
    await node.mouse.move(0, 0);
    await expect.poll(() => node.locator('.graph .rtt').count(), { timeout: 20_000 }).toBe(3);
    await take(node, 'dashboard');

    // One that follows nobody stands out.
    const eve = await start('eve', '--manual', '--peer', (await ada.status()).addresses[0] as string);
    await eve.mine();
    await untilStatus(ada, ({ peers }) => peers === NAMES.length);
    const room = await openPage(`${ada.url}/room`, { viewport: { width: 1280, height: 330 } });
    await room.locator('.tile.fork').waitFor();
    await expect.poll(() => room.locator('.tile').count()).toBe(NAMES.length + 1);
    await take(room, 'room');
  });
});
