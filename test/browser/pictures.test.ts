/** The pictures of the README: made anew by `GOSSIPCHAIN_PICTURES=docs/pictures npm run test:browser -- test/browser/pictures`. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { RunningNode, untilAgreed, untilStatus } from '../e2e/running-node.js';
import { card, describePage, openPage, PHONE, untilShown, WIDE } from './browser.js';

const folder = process.env.GOSSIPCHAIN_PICTURES;
const NAMES = ['ada', 'bob', 'carol', 'dan'];

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
  for (const node of others) {
    await node.mine();
    await untilAgreed(nodes, (await node.status()).length);
  }
  await bob.post('/transactions/new', { sender: 'bob', recipient: 'carol', amount: 2.5 });
  await others[0]?.post('/transactions/new', { sender: 'carol', recipient: 'dan', amount: 1 });
  await Promise.all(nodes.map((node) => untilStatus(node, ({ pending }) => pending >= 2)));
  return nodes;
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
      await untilShown(page, 6);
      await card(page, 6).waitFor();
      await expect.poll(() => page.locator('.graph .rtt').count(), { timeout: 20_000 }).toBe(3);
      await arrange(page);
      await page.evaluate(() => new Promise(requestAnimationFrame));
      await page.screenshot({ path: join(folder as string, `${name}.png`) });
    };
    const toBlock = (index: number) => async (page: Page) => {
      await card(page, index).click();
      await page.getByRole('dialog').waitFor();
    };
    const tall = { viewport: { width: 1280, height: 1180 } };
    await take('dashboard', tall);
    await take('dashboard-dark', { ...tall, colorScheme: 'dark' });
    await take('dashboard-zh', { viewport: { width: 1280, height: 1400 }, locale: 'zh-CN' }, (page) =>
      page.locator('.toggle').click(),
    );
    await take('dashboard-phone', { viewport: PHONE, deviceScaleFactor: 2 });
    await take('block', { viewport: WIDE }, toBlock(6));
    await take('life', { viewport: WIDE }, async (page) => {
      await page.locator('.lost-cell .card').first().click();
      await page.locator('.drawer .payment', { hasText: 'alice' }).click();
      await page.locator('.life .now').waitFor();
    });
  });
});
