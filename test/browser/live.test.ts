/** Two real nodes and a page: what happens anywhere is on the page by itself, and the page can make it happen. */
import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { RunningNode, untilAgreed, untilStatus } from '../e2e/running-node.js';
import {
  card,
  describePage,
  holdAnswers,
  look,
  openAnyPage,
  openPage,
  untilDrawn,
  untilShown,
  WIDE,
} from './browser.js';

/** More than the connections to one node that a browser allows all its pages together. */
const TABS = 8;

async function pair(args: string[] = []): Promise<[RunningNode, RunningNode]> {
  const nodes = await Promise.all(
    ['ada', 'bob'].map((name) => RunningNode.start(['--port', '0', '--name', name, ...args])),
  );
  await Promise.all(nodes.map((node) => untilStatus(node, ({ peers }) => peers === 1)));
  return nodes as [RunningNode, RunningNode];
}

describePage('the dashboard', () => {
  it('shows what another node mined and sent, by itself and at once', async () => {
    const [ada, bob] = await pair();
    const page = await openPage(ada.url);
    await untilShown(page, 1);
    await page.locator('.graph .node', { hasText: 'bob' }).waitFor();
    // From now on no question of the page is answered: only what the node tells by itself can bring anything.
    for (const path of ['/status', '/peers', '/chain?*', '/transactions/pending']) {
      await page.route(`**${path}`, () => {});
    }
    for (const index of [2, 3, 4]) {
      await bob.mine();
      await card(page, index).waitFor();
      expect(await card(page, index).textContent()).toMatch(/From bob \d+ ms/);
    }
    await bob.post('/transactions/new', { sender: 'carol', recipient: 'dan', amount: 7 });
    const waiting = page.locator('.pending .payment', { hasText: 'carol' });
    await waiting.waitFor();
    await bob.mine();
    await waiting.waitFor({ state: 'detached' });
    await expect.poll(() => page.locator('.arrivals td').allTextContents()).toContain('bob');
    expect(await page.locator('.graph').textContent()).toMatch(/Block 5 · \d+ ms.*bob/);
  });

  it('loses nothing that happens while it asks for what was before', async () => {
    const [ada] = await pair();
    const page = await openPage(ada.url);
    await untilShown(page, 1);
    const { held, release } = await holdAnswers(page, '**/transactions/pending');
    await page.reload();
    await held;
    await ada.post('/transactions/new', { sender: 'carol', recipient: 'dan', amount: 7 });
    const waiting = page.locator('.pending .payment', { hasText: 'carol' });
    await waiting.waitFor();
    const answered = page.waitForResponse('**/transactions/pending');
    release();
    await (await answered).finished();
    await untilDrawn(page);
    expect(await waiting.count()).toBe(1);
  });

  it('stays with the newest block, however fast they come, until its reader looks elsewhere', async () => {
    const [ada] = await pair();
    const page = await openPage(ada.url, { reducedMotion: 'no-preference' });
    await untilShown(page, 1);
    for (let index = 2; index <= 20; index++) await ada.mine();
    await untilShown(page, 20);
    const right = async (index: number) => {
      const box = await card(page, index).boundingBox();
      return box === null ? Number.NaN : box.x + box.width;
    };
    await expect.poll(() => right(20)).toBeLessThanOrEqual(WIDE.width);
    await page.locator('.scroller').evaluate((scroller) => {
      scroller.scrollLeft = 0;
    });
    await page.getByRole('button', { name: 'Newest' }).waitFor();
    await ada.mine();
    await untilShown(page, 21);
    await card(page, 2).waitFor();
    expect(await card(page, 21).count()).toBe(0);
  });

  it('links each block to the one before by equal colours', async () => {
    const [ada] = await pair();
    for (let i = 0; i < 3; i++) await ada.mine();
    const page = await openPage(ada.url);
    await untilShown(page, 4);
    await card(page, 4).waitFor();
    const colours = async (index: number) =>
      card(page, index)
        .locator('.half')
        .evaluateAll((halves) =>
          halves.map((half) =>
            [getComputedStyle(half).backgroundColor, getComputedStyle(half).borderBottomColor].join(),
          ),
        );
    const all = await Promise.all([1, 2, 3, 4].map(colours));
    for (let at = 1; at < all.length; at++) expect(all[at]?.[0]).toBe(all[at - 1]?.[1]);
    expect(new Set(all.map(([, own]) => own)).size).toBe(4);
  });

  it('mines a block when asked to, and sends a transaction whose life can be followed', async () => {
    const [ada, bob] = await pair();
    const page = await openPage(ada.url);
    await untilShown(page, 1);
    await page.getByLabel('From', { exact: true }).fill('alice');
    await page.getByLabel('To', { exact: true }).fill('bob');
    await page.getByLabel('Amount').fill('5.0');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('button', { name: 'Follow it' }).click();
    const life = page.locator('.life');
    await life.getByText('Sent from this node').waitFor();
    await life.getByText('Waits for a block').waitFor();
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Mine a block' }).click();
    await page.getByText('Block 2 forged.').waitFor();
    expect(await untilAgreed([ada, bob], 2)).toMatch(/^[0-9a-f]{64}$/);
    await card(page, 2).click();
    await page.locator('.drawer .payment', { hasText: 'alice' }).click();
    await life.getByText('In block 2, mined by this node').waitFor();
    await life.getByText('1 confirmation').waitFor();
    await bob.mine();
    await life.getByText('2 confirmations').waitFor();
    expect(await page.locator('.drawer .payment.big').textContent()).toContain('5.0');
  });

  it('tells what is wrong with a transaction in the words of the node', async () => {
    const [ada] = await pair();
    const { page, complaints } = await openAnyPage(ada.url);
    await untilShown(page, 1);
    await page.getByLabel('From', { exact: true }).fill('alice');
    await page.getByLabel('To', { exact: true }).fill('bob');
    await page.getByLabel('Amount').fill('much');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('amount must be a number, such as 5 or 0.5, not the text "much"').waitFor();
    // A browser notes every refusal in its console.
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
  });

  it('tells in the words of the node why there is nothing to see for now', async () => {
    const ada = await RunningNode.start(['--port', '0', '--no-mdns']);
    const { page } = await openAnyPage(ada.url);
    await untilShown(page, 1);
    const message = 'too many listen to events already: close one, or try again later';
    await page.route('**/events', (route) =>
      route.fulfill({ status: 503, headers: { 'Retry-After': '2' }, json: { message } }),
    );
    await page.reload();
    await page.getByText(message).waitFor();
    expect(await page.getByText('The node does not answer.').count()).toBe(0);
    await page.unroute('**/events');
    await untilShown(page, 1);
    await page.locator('.banner').waitFor({ state: 'detached' });
  });

  it('leaves room for other pages of its node while nobody looks, and has missed nothing when somebody does', async () => {
    const ada = await RunningNode.start(['--port', '0', '--no-mdns']);
    const first = await openPage(ada.url);
    await untilShown(first, 1);
    await look(first, false);
    for (let tab = 1; tab < TABS; tab++) {
      const page = await first.context().newPage();
      await page.goto(`${ada.url}${tab % 2 === 0 ? '/' : '/room'}`);
      await untilShown(page, 1);
      await look(page, false);
    }
    await ada.mine();
    await look(first, true);
    await card(first, 2).waitFor();
    expect(await first.locator('.banner').count()).toBe(0);
    expect(await first.locator('.connection').textContent()).toBe('Live');
  });

  it('shows how a search goes, and stops it', async () => {
    const [ada] = await pair(['--network', 'hard', '--difficulty', '12']);
    const page = await openPage(ada.url);
    await untilShown(page, 1);
    await page.getByRole('button', { name: 'Mine a block' }).click();
    await page.getByText('Searching for the proof of block 2').waitFor();
    const tried = async () => (await page.locator('.figures').textContent()) ?? '';
    await expect.poll(tried, { timeout: 10_000 }).toMatch(/tried.*a second.*\d+\.\d s.*so far/);
    const before = await tried();
    await expect.poll(tried, { timeout: 10_000 }).not.toBe(before);
    await page.getByRole('button', { name: 'Stop' }).click();
    await untilStatus(ada, ({ mining }) => mining === null);
    await page.locator('.progress').waitFor({ state: 'detached' });
    expect((await ada.status()).length).toBe(1);
  });

  it('turns automatic mining on and off', async () => {
    const [ada] = await pair();
    const page = await openPage(ada.url);
    await untilShown(page, 1);
    const byItself = page.getByLabel('Mine by itself');
    await page.getByLabel('about every').fill('0.2');
    await byItself.check();
    await untilStatus(ada, ({ length }) => length > 2);
    await byItself.uncheck();
    await expect.poll(() => ada.get('/mining')).toEqual({ every_seconds: null });
    const { length } = await ada.status();
    await untilShown(page, length);
  });

  it('takes how often to mine when it is written, not letter by letter', async () => {
    const ada = await RunningNode.start(['--port', '0', '--no-mdns']);
    const page = await openPage(ada.url);
    await untilShown(page, 1);
    const asked: unknown[] = [];
    page.on('request', (request) => {
      if (request.method() === 'POST') asked.push(request.postDataJSON().every_seconds);
    });
    const pace = page.getByLabel('about every');
    const write = async (seconds: string, end: string) => {
      await pace.press('ControlOrMeta+a');
      await pace.press('Delete');
      await untilDrawn(page);
      expect(await pace.inputValue()).toBe('');
      await pace.pressSequentially(seconds);
      await pace.press(end);
    };
    await page.getByLabel('Mine by itself').check();
    await write('25', 'Enter');
    await expect.poll(() => ada.get('/mining')).toEqual({ every_seconds: 25 });
    await write('30', 'Tab');
    await expect.poll(() => ada.get('/mining')).toEqual({ every_seconds: 30 });
    // Without a number it stays as it was, and says so.
    await write('', 'Tab');
    await untilDrawn(page);
    expect(await pace.inputValue()).toBe('30');
    await pace.press('ArrowUp');
    await expect.poll(() => ada.get('/mining')).toEqual({ every_seconds: 31 });
    expect(asked).toEqual([10, 25, 30, 31]);
  });

  it('gives the very text that a hash is made of, and notices when it is changed', async () => {
    const [ada] = await pair();
    await ada.mine();
    const page = await openPage(ada.url);
    await untilShown(page, 2);
    await card(page, 2).click();
    const text = page.getByLabel('What the hash is made of');
    const { hash } = await ada.get<{ hash: string }>('/blocks/2');
    expect(
      createHash('sha256')
        .update(await text.inputValue())
        .digest('hex'),
    ).toBe(hash);
    await page.getByText('It is the hash of this block.').waitFor();
    await text.press('End');
    await text.pressSequentially(' ');
    await page.getByText('a block 3 that follows names the old one, so the chain breaks here').waitFor();
    await page.getByRole('button', { name: 'Restore' }).click();
    await page.getByText('It is the hash of this block.').waitFor();
    expect(await page.locator('.command').last().textContent()).toContain('| sha256sum');
  });
});
