/** A longer chain replaces ours before the reader's eyes. */
import { expect, it } from 'vitest';
import { RunningNode, untilAgreed } from '../e2e/running-node.js';
import { card, describePage, openPage, untilShown } from './browser.js';

describePage('a reorganisation', () => {
  it('is drawn from where the chain forked, and the life of a transaction goes through it', async () => {
    const [ada, bob] = (await Promise.all(
      ['ada', 'bob'].map((name) => RunningNode.start(['--port', '0', '--no-mdns', '--name', name])),
    )) as [RunningNode, RunningNode];
    const page = await openPage(ada.url);
    const sent = await ada.post('/transactions/new', { sender: 'alice', recipient: 'bob', amount: 5 });
    const { id } = (await sent.json()) as { id: string };
    for (let i = 0; i < 2; i++) await ada.mine();
    await untilShown(page, 3);
    await card(page, 3).waitFor();
    const lost = await Promise.all([2, 3].map((index) => card(page, index).getAttribute('data-hash')));
    for (let i = 0; i < 3; i++) await bob.mine();

    const { addresses } = await bob.status();
    await ada.post('/nodes/register', { nodes: [addresses[0]] });
    await untilAgreed([ada, bob], 4);
    await untilShown(page, 4);
    await page
      .getByText('Reorganisation after block 1: 2 of our blocks made way for 3 of a longer chain.')
      .waitFor();
    await card(page, 4).waitFor();
    const drawn = page.locator('.lost-cell .card.replaced');
    await expect
      .poll(() => drawn.evaluateAll((cards) => cards.map((one) => (one as HTMLElement).dataset.hash)))
      .toEqual(lost);
    // Below the chain, one column each; the first hangs on the block where the chain forked.
    const place = async (locator: ReturnType<typeof card>) => (await locator.boundingBox())!;
    const [first, second] = [await place(drawn.nth(0)), await place(drawn.nth(1))];
    const rival = await place(card(page, 2));
    expect(Math.abs(first.x - rival.x)).toBeLessThan(2);
    expect(first.y).toBeGreaterThan(rival.y + rival.height);
    expect(second.y).toBe(first.y);
    expect(second.x).toBeGreaterThan(first.x);
    expect(await page.locator('.lost-cell .fork-line').count()).toBe(2);

    await drawn.first().click();
    await page.getByText('This block was in our chain until a longer chain replaced it.').waitFor();
    await page.locator('.drawer .payment', { hasText: 'alice' }).click();
    const life = page.locator('.life');
    await life.getByText('A longer chain replaced block 2: it waits again').waitFor();
    await life.getByText('Waits for a block').waitFor();
    await bob.mine();
    await life.getByText('In block 5, mined by bob').waitFor();
    await life.getByText('1 confirmation').waitFor();
    expect(await ada.get(`/transactions/${id}`)).toMatchObject({ status: 'in_block', block: 5 });
  });

  it('decides a tie, which the page names as long as it is one', async () => {
    const [ada, bob] = (await Promise.all(
      ['ada', 'bob'].map((name) => RunningNode.start(['--port', '0', '--no-mdns', '--name', name])),
    )) as [RunningNode, RunningNode];
    await Promise.all([ada.mine(), bob.mine()]);
    const { head } = await ada.status();
    const page = await openPage(ada.url);
    // As if it had come by gossip, at the same time as ours: a node does not fetch what is no longer than its own.
    const rival = await (await fetch(`${bob.url}/blocks/2`)).text();
    await page.route('**/branches', (route) =>
      route.fulfill({
        contentType: 'application/json',
        body: `[{"fate": "beside", "at": "2026-01-01T12:00:00.000Z", "from": null, ${rival.slice(1)}]`,
      }),
    );
    await page.reload();
    await untilShown(page, 2);
    await ada.post('/nodes/register', { nodes: [(await bob.status()).addresses[0]] });

    const tied = page.locator('.lost-cell .card.tied');
    await tied.getByText('The next block decides').waitFor();
    await tied.getByText('A tie').waitFor();
    await page.locator('.summary').getByText('Another chain is as long as ours: a tie').waitFor();
    await page.getByLabel('Language').selectOption('中文');
    await tied.getByText('由下一个区块决定').waitFor();
    await page.getByLabel('语言').selectOption('English');
    await tied.click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('a tie. The next block decides which of the two stays.').waitFor();
    expect(await dialog.getByText(/confirmation/).count()).toBe(0);

    await page.unroute('**/branches');
    await bob.mine();
    await untilAgreed([ada, bob], 3);
    // It is open still, and in the chain now.
    await dialog.getByText('2 confirmations').waitFor();
    expect(await dialog.locator('.banner').count()).toBe(0);
    await page.keyboard.press('Escape');
    await page.locator(`.lost-cell .card.replaced[data-hash="${head}"]`).waitFor();
    await expect.poll(() => tied.count()).toBe(0);
    expect(await page.locator('.summary').textContent()).not.toContain('a tie');
  });

  it('is there for a page that is opened later', async () => {
    const [ada, bob] = (await Promise.all(
      ['ada', 'bob'].map((name) => RunningNode.start(['--port', '0', '--no-mdns', '--name', name])),
    )) as [RunningNode, RunningNode];
    await ada.mine();
    for (let i = 0; i < 2; i++) await bob.mine();
    await ada.post('/nodes/register', { nodes: [(await bob.status()).addresses[0]] });
    await untilAgreed([ada, bob], 3);
    const page = await openPage(ada.url);
    await untilShown(page, 3);
    await page.locator('.lost-cell .card.replaced[data-index="2"]').waitFor();
    expect(await page.locator('.banner').count()).toBe(0);
  });
});
