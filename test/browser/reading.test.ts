/** The page can be read: in both languages, on a projector and a telephone, in the dark, by ear and by keyboard. */
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { RunningNode, untilStatus } from '../e2e/running-node.js';
import { card, describePage, openPage, PHONE, untilShown, WIDE } from './browser.js';

async function twoNodes(): Promise<RunningNode> {
  const [ada, bob] = (await Promise.all(
    ['ada', 'bob'].map((name) => RunningNode.start(['--port', '0', '--name', name])),
  )) as [RunningNode, RunningNode];
  await untilStatus(ada, ({ peers }) => peers === 1);
  await ada.post('/transactions/new', { sender: 'alice', recipient: 'bob', amount: 5 });
  await bob.mine();
  await ada.post('/transactions/new', { sender: 'bob', recipient: 'carol', amount: 2.5 });
  await untilStatus(ada, ({ length }) => length === 2);
  return ada;
}

/** What axe-core finds that is serious or worse. */
async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

async function overflow(page: Page): Promise<number> {
  return await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}

describePage('the dashboard', () => {
  it.each([
    ['en-US', WIDE, 'light'],
    ['en-US', WIDE, 'dark'],
    ['zh-CN', WIDE, 'light'],
    ['en-US', PHONE, 'light'],
    ['zh-CN', PHONE, 'dark'],
  ] as const)(
    'in %s at %o, %s, has no serious fault and fits its width',
    async (locale, viewport, colorScheme) => {
      const node = await twoNodes();
      const page = await openPage(node.url, { locale, viewport, colorScheme });
      await untilShown(page, 2);
      await card(page, 2).waitFor();
      await page.locator('.graph .node').first().waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      await page.locator('.toggle').click();
      await page.locator('.explained').first().waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      for (const look of [
        () => card(page, 2).click(),
        () => page.locator('.drawer .payment').first().click(),
      ]) {
        await look();
        await page.locator('.drawer[open] h2').waitFor();
        expect(await seriousFaults(page)).toEqual([]);
        expect(
          await page.locator('.drawer').evaluate((drawer) => drawer.scrollWidth - drawer.clientWidth),
        ).toBe(0);
      }
    },
  );

  it('speaks the language of its reader, or the one that is chosen, and keeps it', async () => {
    const node = await twoNodes();
    const page = await openPage(node.url, { locale: 'zh-CN' });
    await page.getByRole('button', { name: '挖一个区块' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-Hans');
    await page.getByLabel('语言').selectOption('English');
    await page.getByRole('button', { name: 'Mine a block' }).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('en');
    await page.reload();
    await page.getByRole('button', { name: 'Mine a block' }).waitFor();
  });

  it('explains each part in both languages, for those who want it', async () => {
    const node = await twoNodes();
    const page = await openPage(node.url);
    await untilShown(page, 2);
    expect(await page.locator('.explained').count()).toBe(0);
    await page.getByRole('button', { name: 'Explain' }).click();
    await page.getByText('A blockchain is a list of blocks.').waitFor();
    await page.getByText('Mining is searching a number, the proof').waitFor();
    await page.getByLabel('Language').selectOption('中文');
    await page.getByText('区块链就是一串区块。').waitFor();
    await page.getByRole('button', { name: '讲解' }).click();
    await expect.poll(() => page.locator('.explained').count()).toBe(0);
  });

  it('is light or dark as the reader likes it', async () => {
    const node = await twoNodes();
    const page = await openPage(node.url, { colorScheme: 'dark' });
    await untilShown(page, 2);
    const ground = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await ground();
    await page.getByLabel('Theme').selectOption('Light');
    expect(await ground()).not.toBe(dark);
    await page.getByLabel('Theme').selectOption('Dark');
    expect(await ground()).toBe(dark);
  });

  it('can be used without a mouse', async () => {
    const node = await twoNodes();
    const page = await openPage(node.url);
    await untilShown(page, 2);
    await card(page, 2).waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Skip to the chain');
    await card(page, 2).focus();
    await page.keyboard.press('ArrowLeft');
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.getAttribute('data-index')))
      .toBe('1');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Genesis' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-index'))).toBe('1');
    await page.locator('.graph').getByRole('button', { name: 'bob' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'bob' }).waitFor();
  });

  it('says aloud which block came, and from whom', async () => {
    const node = await twoNodes();
    const page = await openPage(node.url);
    await untilShown(page, 2);
    await node.mine();
    await expect.poll(() => page.locator('[aria-live].unseen').textContent()).toBe('Block 3 mined here');
  });

  it('gives what others need to come in', async () => {
    const node = await twoNodes();
    const page = await openPage(node.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.getByRole('button', { name: 'Copy Invitation' }).click();
    await page.getByText('Copied').waitFor();
    const { code } = await node.get<{ code: string }>('/invitation');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      `gossipchain start --join ${code}`,
    );
    for (const address of (await node.status()).addresses) {
      expect(await page.locator('.join').textContent()).toContain(address);
    }
  });
});
