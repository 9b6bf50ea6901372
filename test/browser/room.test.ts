/** The room on the wall: who is there, who agrees, who is behind, and who is on a fork. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { RunningNode, untilAgreed, untilStatus } from '../e2e/running-node.js';
import { describePage, openPage, overflow, PHONE, seriousFaults, untilDrawn, WIDE } from './browser.js';

function tile(page: Page, name: string) {
  return page.locator('.tile', { has: page.locator('.tile-name', { hasText: name }) });
}

/** Nodes that follow nobody and tell nobody, connected to one that does. */
async function room(manual: string[]): Promise<[RunningNode, ...RunningNode[]]> {
  const ada = await RunningNode.start(['--port', '0', '--no-mdns', '--name', 'ada']);
  const [address] = (await ada.status()).addresses;
  const others = await Promise.all(
    manual.map((name) =>
      RunningNode.start([
        ...['--port', '0', '--no-mdns', '--name', name, '--manual', '--peer', address as string],
      ]),
    ),
  );
  await untilStatus(ada, ({ peers }) => peers === manual.length);
  return [ada, ...others];
}

describePage('the room', () => {
  it('is of one colour while all agree, says who is behind, and shows a fork in red', async () => {
    const [ada, bob, carol] = (await room(['bob', 'carol'])) as [RunningNode, RunningNode, RunningNode];
    const page = await openPage(`${ada.url}/room`);
    await page.getByText('3 nodes; the longest chain has 1 block. All agree.').waitFor();
    const colours = () =>
      page
        .locator('.tile-head')
        .evaluateAll((heads) => heads.map((head) => getComputedStyle(head).backgroundColor));
    expect(new Set(await colours()).size).toBe(1);

    for (let i = 0; i < 2; i++) await ada.mine();
    await tile(page, 'bob')
      .getByText(/^2 blocks behind · [\d.]+ m?s$/)
      .waitFor();
    await page.getByText('2 are behind.').waitFor();
    expect(new Set(await colours()).size).toBe(2);
    for (const node of [bob, carol]) await node.get('/nodes/resolve');
    await untilAgreed([ada, bob, carol], 3);
    await page.getByText('All agree.').waitFor();

    await carol.mine();
    await ada.mine();
    await ada.mine();
    await tile(page, 'carol')
      .getByText(/Forked.*1 block behind/)
      .waitFor();
    expect(await tile(page, 'carol').getAttribute('class')).toContain('fork');
    await page.getByText('1 is on a fork.').waitFor();
    const red = await tile(page, 'carol').evaluate((element) => getComputedStyle(element).borderTopColor);
    expect(red).not.toBe(
      await tile(page, 'bob').evaluate((element) => getComputedStyle(element).borderTopColor),
    );
  });

  it('names a tie, which is no fork, until the next block decides', async () => {
    const [ada, bob] = (await room(['bob'])) as [RunningNode, RunningNode];
    const page = await openPage(`${ada.url}/room`);
    // It would follow one that is longer.
    await ada.mine();
    await bob.mine();
    await tile(page, 'bob').getByText('Tied: the next block decides').waitFor();
    await page.getByText('1 is tied: the next block decides.').waitFor();
    expect(await page.getByText('is on a fork').count()).toBe(0);
    expect(await page.getByText('All agree.').count()).toBe(0);
    expect(await tile(page, 'bob').getAttribute('class')).not.toContain('fork');
    await page.getByLabel('Language').selectOption('中文');
    await tile(page, 'bob').getByText('平局：由下一个区块决定').waitFor();
    await page.getByText('1 个处于平局，由下一个区块决定。').waitFor();
    await page.getByLabel('语言').selectOption('English');
    await ada.mine();
    await tile(page, 'bob')
      .getByText(/Forked.*1 block behind/)
      .waitFor();
    await page.getByText('1 is on a fork.').waitFor();
    expect(await page.getByText('the next block decides').count()).toBe(0);
  });

  it('says who has left, until they are back', async () => {
    const [ada, bob] = (await room(['bob'])) as [RunningNode, RunningNode];
    const page = await openPage(`${ada.url}/room`);
    await tile(page, 'bob').getByText('In step').waitFor();
    await bob.end('SIGTERM');
    await tile(page, 'bob')
      .getByText(/^Left at \d\d:\d\d:\d\d$/)
      .waitFor();
    await bob.again();
    await tile(page, 'bob').getByText('In step').waitFor();
  });

  it('does not say that all agree while some have not said what they have', async () => {
    const [ada] = await room(['bob']);
    const page = await openPage(`${ada.url}/room`);
    await page.getByText('All agree.').waitFor();
    const nodes = await ada.get<{ name: string }[]>('/room');
    const silent = { length: null, head: null, chain: 'unknown', behind_blocks: null, behind_ms: null };
    await page.route('**/room', (route) =>
      route.fulfill({ json: nodes.map((node) => (node.name === 'bob' ? { ...node, ...silent } : node)) }),
    );
    await page.getByText('1 has not said yet.').waitFor();
    expect(await page.getByText('All agree.').count()).toBe(0);
  });

  it.each(['light', 'dark'] as const)(
    'can be read by everyone, and fits a telephone (%s)',
    async (colorScheme) => {
      const [ada, bob] = (await room(['bob'])) as [RunningNode, RunningNode];
      for (let i = 0; i < 2; i++) await bob.mine();
      const page = await openPage(`${ada.url}/room`, { colorScheme, viewport: PHONE });
      await page.getByRole('button', { name: 'Explain' }).click();
      await tile(page, 'bob').waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      await page.getByRole('link', { name: 'Node' }).click();
      await page.getByRole('button', { name: 'Mine a block' }).waitFor();
      await page.getByRole('link', { name: 'Room' }).click();
      await tile(page, 'ada').getByText('this node').waitFor();
    },
  );

  it.each([WIDE, PHONE])(
    'is behind a link that does not move while the page learns whose it is (%o)',
    async (viewport) => {
      const node = await RunningNode.start(['--port', '0', '--no-mdns', '--name', 'ada']);
      const page = await openPage(node.url, { viewport });
      let answer = () => {};
      const answered = new Promise<void>((resolve) => {
        answer = resolve;
      });
      await page.route(/\/(events|status)$/, async (route) => {
        await answered;
        await route.continue();
      });
      await page.reload();
      const before = await place(page);
      answer();
      await page.getByRole('heading', { name: 'ada' }).waitFor();
      await page.locator('.connection.live').waitFor();
      await untilDrawn(page);
      expect(await place(page)).toEqual(before);
    },
  );
});

async function place(page: Page) {
  return await page.getByRole('link', { name: 'Room' }).boundingBox();
}
