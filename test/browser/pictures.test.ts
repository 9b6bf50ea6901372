/** The pictures of the README: made anew by `GOSSIPCHAIN_PICTURES=docs/pictures npm run test:browser -- test/browser/pictures`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { RunningNode, untilAgreed, untilStatus } from '../e2e/running-node.js';
import { card, describePage, openPage, PHONE, untilShown, WIDE } from './browser.js';

const folder = process.env.GOSSIPCHAIN_PICTURES;
const NAMES = ['ada', 'bob', 'carol', 'dan'];
const LENGTH = 5;

/** Four nodes with a history: a branch that lost, blocks and payments of everyone. */
async function room(): Promise<RunningNode[]> {
  const [ada, bob] = (await Promise.all(
    NAMES.slice(0, 2).map((name) => RunningNode.start(['--port', '0', '--no-mdns', '--name', name])),
  )) as [RunningNode, RunningNode];
  await ada.post('/transactions/new', { sender: 'alice', recipient: 'bob', amount: 5 });
  for (let i = 0; i < 2; i++) await ada.mine();
  for (let i = 0; i < 3; i++) await bob.mine();
  const { addresses } = await bob.status();
  const others = await Promise.all(
    NAMES.slice(2).map((name) =>
      RunningNode.start(['--port', '0', '--no-mdns', '--name', name, '--peer', addresses[0] as string]),
    ),
  );
  await ada.post('/nodes/register', { nodes: [addresses[0]] });
  const nodes = [ada, bob, ...others];
  await Promise.all(nodes.map((node) => untilStatus(node, ({ peers }) => peers === 3)));
  await untilAgreed(nodes, 4);
  await others[1]?.mine();
  await untilAgreed(nodes, LENGTH);
  await bob.post('/transactions/new', { sender: 'bob', recipient: 'carol', amount: 2.5 });
  await others[0]?.post('/transactions/new', { sender: 'carol', recipient: 'dan', amount: 1 });
  await Promise.all(nodes.map((node) => untilStatus(node, ({ pending }) => pending >= 2)));
  return nodes;
}

/** A node that stayed away from the others for a while stands out. */
async function takeRoom(ada: RunningNode): Promise<void> {
  const [address] = (await ada.status()).addresses;
  const eve = await RunningNode.start([
    ...['--port', '0', '--no-mdns', '--manual', '--name', 'eve', '--peer', address as string],
  ]);
  await eve.mine();
  await untilStatus(ada, ({ peers }) => peers === NAMES.length);
  const page = await openPage(`${ada.url}/room`, { viewport: { width: 1280, height: 420 } });
  await page.locator('.tile.fork').waitFor();
  await page.screenshot({ path: join(folder as string, 'room.png') });
}

describePage('pictures', () => {
  it.skipIf(folder === undefined)('are made', async () => {
    mkdirSync(folder as string, { recursive: true });
    const [ada] = (await room()) as [RunningNode];
    const take = async (
      name: string,
      options: BrowserContextOptions,
      arrange: (page: Page) => Promise<unknown> = async () => {},
    ) => {
      const page = await openPage(ada.url, options);
      await untilShown(page, LENGTH);
      await card(page, LENGTH).waitFor();
      await expect.poll(() => page.locator('.graph .rtt').count(), { timeout: 20_000 }).toBe(3);
      await arrange(page);
      await page.evaluate(() => new Promise(requestAnimationFrame));
      await page.screenshot({ path: join(folder as string, `${name}.png`) });
    };
    await take('dashboard', { viewport: { width: 1280, height: 1100 } });
    await take(
      'explained',
      { viewport: PHONE, locale: 'zh-CN', colorScheme: 'dark', deviceScaleFactor: 2 },
      (page) => page.locator('.toggle').click(),
    );
    await take('block', { viewport: WIDE }, async (page) => {
      await card(page, LENGTH).click();
      await page.getByRole('dialog').waitFor();
    });
    await take('life', { viewport: WIDE }, async (page) => {
      await page.locator('.lost-cell .card').first().click();
      await page.locator('.drawer .payment', { hasText: 'alice' }).click();
      await page.locator('.life .now').waitFor();
    });
    await takeRoom(ada);
  });
});
