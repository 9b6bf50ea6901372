/** A chain of 10,000 blocks is as smooth as one of ten: only what is seen is there. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createNetwork } from '../../src/chain/index.js';
import { RunningNode, run, scratch } from '../e2e/running-node.js';
import { chainOf, chainText } from '../helpers/chains.js';
import { card, describePage, openPage, untilShown } from './browser.js';

const LENGTH = 10_000;
/** A screen full, and what stands ready beside it. */
const MOST_CARDS = 25;
/** No work of the page may take longer in one piece, in ms; more would be felt as a hitch many times over. */
const LONGEST_TASK_MS = 500;

describePage(`a chain of ${LENGTH} blocks`, () => {
  it('is scrolled through with no more in the page than is seen, and grows live', async () => {
    const home = scratch();
    const network = ['--network', 'long', '--difficulty', '1', '--data-dir', join(home, 'data')];
    const chain = chainOf(createNetwork({ name: 'long', difficulty: 1 }), LENGTH);
    await writeFile(join(home, 'chain.json'), chainText(chain));
    expect((await run(['import', join(home, 'chain.json'), ...network], home)).code).toBe(0);
    const node = await RunningNode.start([...network, '--port', '0', '--no-mdns'], home);
    const page = await openPage(node.url);
    await untilShown(page, LENGTH);
    await card(page, LENGTH).waitFor();
    expect(await page.locator('.card').count()).toBeLessThan(MOST_CARDS);

    await page.evaluate(() => {
      const tasks: number[] = [];
      Object.assign(window, { tasks });
      new PerformanceObserver((list) =>
        tasks.push(...list.getEntries().map((entry) => entry.duration)),
      ).observe({
        type: 'longtask',
      });
    });
    const most = await page.evaluate(async () => {
      const scroller = document.querySelector('.scroller') as HTMLElement;
      let cards = 0;
      for (let step = 0; step < 120; step++) {
        scroller.scrollLeft -= 400;
        await new Promise(requestAnimationFrame);
        cards = Math.max(cards, document.querySelectorAll('.card').length);
      }
      scroller.scrollLeft = scroller.scrollWidth / 2;
      return cards;
    });
    expect(most).toBeLessThan(MOST_CARDS);
    const middle = LENGTH / 2 + 2;
    await card(page, middle).waitFor();
    const shown = await card(page, middle).getAttribute('data-hash');
    expect(shown).toBe(chain[middle - 1]?.hash);

    // The arrows go from the block that has the focus, however it came by it; and only that one is come to by Tab.
    await card(page, middle).click();
    await page.getByRole('dialog', { name: `Block ${middle}` }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    for (const [key, index] of [
      ['ArrowRight', middle + 1],
      ['ArrowLeft', middle],
    ] as const) {
      await page.keyboard.press(key);
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-index')))
        .toBe(String(index));
    }
    await card(page, middle - 1).focus();
    await expect
      .poll(() =>
        page
          .locator('.card[tabindex="0"]')
          .evaluateAll((cards) => cards.map((one) => (one as HTMLElement).dataset.index)),
      )
      .toEqual([String(middle - 1)]);

    await page.getByLabel('Go to block').fill('3');
    await page.getByRole('button', { name: 'Go', exact: true }).click();
    await card(page, 3).waitFor();
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-index')))
      .toBe('3');
    await page.keyboard.press('ArrowRight');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-index')))
      .toBe('4');
    await page.keyboard.press('Home');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-index')))
      .toBe('1');

    await node.mine();
    await untilShown(page, LENGTH + 1);
    // Whoever reads elsewhere is left there, and finds the newest by a button.
    expect(await card(page, LENGTH + 1).count()).toBe(0);
    await page.getByRole('button', { name: 'Newest' }).click();
    await card(page, LENGTH + 1).waitFor();
    const tasks = await page.evaluate(() => (window as unknown as { tasks: number[] }).tasks);
    expect(Math.max(0, ...tasks)).toBeLessThan(LONGEST_TASK_MS);
  });
});
