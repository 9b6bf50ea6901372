/** The page can be read: in both languages, on a projector and a telephone, in the dark, by ear and by keyboard. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { NodeProcess } from '../helpers/node-process.js';
import { card, describePage, openPage, overflow, PHONE, seriousFaults, untilShown, WIDE } from './browser.js';

describePage('the dashboard', () => {
  /** Read by all tests, and changed by the last one only. */
  let node: NodeProcess;
  let home: string;
  const nodes: NodeProcess[] = [];

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'gossipchain-test-'));
    const start = async (name: string) => {
      const started = await NodeProcess.start(['--port', '0', '--name', name], join(home, name));
      nodes.push(started);
      return started;
    };
    const [ada, bob] = await Promise.all([start('ada'), start('bob')]);
    node = ada;
    // No test runs yet, so that expect.poll cannot.
    const until = (holds: () => Promise<boolean>) => vi.waitUntil(holds, { timeout: 30_000, interval: 20 });
    await until(async () => (await ada.status()).peers === 1);
    await ada.post('/transactions/new', { sender: 'alice', recipient: 'bob', amount: 5 });
    await until(async () => (await bob.status()).pending === 1);
    await bob.mine();
    await ada.post('/transactions/new', { sender: 'bob', recipient: 'carol', amount: 2.5 });
    await until(async () => (await ada.status()).length === 2);
  });

  afterAll(async () => {
    await Promise.all(nodes.map((one) => one.end('SIGKILL')));
    rmSync(home, { recursive: true, force: true });
  });

  it.each([
    ['en-US', WIDE, 'light'],
    ['en-US', WIDE, 'dark'],
    ['zh-CN', WIDE, 'light'],
    ['en-US', PHONE, 'light'],
    ['zh-CN', PHONE, 'dark'],
  ] as const)(
    'in %s at %o, %s, has no serious fault and fits its width',
    async (locale, viewport, colorScheme) => {
      const page = await openPage(node.url, { locale, viewport, colorScheme });
      await untilShown(page, 2);
      await card(page, 2).waitFor();
      await page.locator('.graph .node').first().waitFor();
      expect(await seriousFaults(page)).toEqual([]);
      expect(await overflow(page)).toBe(0);
      await page.locator('.intro .primary').click();
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
    const page = await openPage(node.url);
    await untilShown(page, 2);
    expect(await page.locator('.explained').count()).toBe(0);
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    await page.getByText('A blockchain is a list of blocks.').waitFor();
    await page.getByText('Mining is the search for a number, the proof').waitFor();
    await page.getByLabel('Language').selectOption('中文');
    await page.getByText('区块链就是一串区块。').waitFor();
    await page.getByRole('button', { name: '讲解', exact: true }).click();
    await expect.poll(() => page.locator('.explained').count()).toBe(0);
  });

  it('is light or dark as the reader likes it', async () => {
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
    // With another key an arrow is the browser's: Alt and left goes back.
    await page.evaluate(() =>
      window.addEventListener('keydown', (event) => {
        document.title = `${event.key} ${event.defaultPrevented}`;
      }),
    );
    for (const keys of ['Alt+ArrowRight', 'Control+ArrowRight', 'Meta+ArrowRight', 'Shift+ArrowRight']) {
      await page.keyboard.press(keys);
      expect(await page.title()).toBe('ArrowRight false');
    }
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-index'))).toBe('1');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Genesis' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.getAttribute('data-index'))).toBe('1');
    await page.locator('.graph').getByRole('button', { name: 'bob' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'bob' }).waitFor();
  });

  it('gives what others need to come in', async () => {
    const page = await openPage(node.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    await page.locator('.graph .node').first().waitFor();
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

  it('tells who is new what this is and what to try, once', async () => {
    const page = await openPage(node.url);
    await page.getByRole('heading', { name: 'This is one node of a blockchain, live.' }).waitFor();
    // All three have been done here already.
    await expect.poll(() => page.locator('.steps .done').count()).toBe(3);
    await page.getByRole('button', { name: 'Got it' }).click();
    await page.locator('.intro').waitFor({ state: 'detached' });
    await page.reload();
    await untilShown(page, 2);
    expect(await page.locator('.intro').count()).toBe(0);
  });

  it('leads from a block to the one whose hash it carries, and back', async () => {
    const page = await openPage(node.url);
    await untilShown(page, 2);
    await card(page, 2).click();
    const dialog = page.getByRole('dialog');
    const previous = await dialog.locator('.hash.whole').nth(1).textContent();
    await dialog.getByRole('button', { name: '← Genesis' }).click();
    await page.getByRole('dialog', { name: 'Genesis' }).waitFor();
    expect(await dialog.locator('.hash.whole').first().textContent()).toBe(previous);
    // The keyboard stays in the dialog, though the button that was pressed is gone.
    await expect
      .poll(() => page.evaluate(() => document.activeElement?.closest('dialog') !== null))
      .toBe(true);
    await dialog.getByRole('button', { name: 'Block 2 →' }).click();
    await page.getByRole('dialog', { name: 'Block 2' }).waitFor();
  });

  it('says aloud which block came, and from whom', async () => {
    const page = await openPage(node.url);
    await untilShown(page, 2);
    await node.mine();
    await expect.poll(() => page.locator('[aria-live].unseen').textContent()).toBe('Block 3 mined here');
  });
});
