/** The page to try the API: Swagger UI under a policy that allows nothing but our own files, and calls that it makes. */
import { expect, it } from 'vitest';
import { RunningNode } from '../e2e/running-node.js';
import { describePage, openPage } from './browser.js';

describePage('the page to try the API', () => {
  it('shows every call in its group, and makes one', async () => {
    const node = await RunningNode.start(['--port', '0', '--no-mdns']);
    const { paths, tags } = await node.get<{
      paths: Record<string, object>;
      tags: readonly { name: string }[];
    }>('/openapi.json');
    const page = await openPage(`${node.url}/docs`);
    const calls = Object.values(paths).flatMap((path) => Object.keys(path)).length;
    await expect.poll(() => page.locator('.opblock').count(), { timeout: 20_000 }).toBe(calls);
    expect(await page.locator('.opblock-tag').count()).toBe(tags.length);
    const mine = page.locator('.opblock.opblock-post', { hasText: 'Forge one block' });
    await mine.locator('.opblock-summary').click();
    await mine.getByRole('button', { name: 'Execute' }).click();
    await mine.locator('.live-responses-table', { hasText: 'New Block Forged' }).waitFor();
    expect((await node.status()).length).toBe(2);
  });
});
