/** A real browser lets no other site read or mine, and the token stays out of sight. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { RunningNode } from '../e2e/running-node.js';
import { browser, card, describePage, openAnyPage, openPage, REBOUND, untilShown } from './browser.js';

const TOKEN = 'correct-horse_battery.staple~42';

/** Tries all that a page can try; `read` is what it got to see. */
function hostilePage(target: string): string {
  return `<!doctype html><title>hostile</title><body><iframe name="inner"></iframe><script type="module">
    const target = ${JSON.stringify(target)};
    const read = [];
    const attempt = async (path, init) => {
      try {
        const text = await (await fetch(target + path, init)).text();
        if (text !== '') read.push(path + ': ' + text);
      } catch {}
    };
    const element = (name, properties) => new Promise((done) => {
      const made = Object.assign(document.createElement(name), properties);
      made.onload = () => { if (name !== 'iframe') read.push(name + ' was loaded'); done(); };
      made.onerror = done;
      document.body.append(made);
    });
    for (const path of ['/status', '/chain', '/mine', '/events', '/']) {
      await attempt(path);
      await attempt(path, { mode: 'no-cors' });
      await attempt(path, { credentials: 'include' });
    }
    await attempt('/mine', { method: 'POST', mode: 'no-cors' });
    const body = JSON.stringify({ sender: 'a', recipient: 'b', amount: 1 });
    await attempt('/transactions/new', { method: 'POST', mode: 'no-cors', body });
    await attempt('/transactions/new', { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
    await attempt('/mining', { method: 'POST', mode: 'no-cors', body: '{"every_seconds": 0.1}' });
    await element('img', { src: target + '/mine' });
    await element('script', { src: target + '/dashboard/app.js' });
    await element('iframe', { src: target + '/' });
    await new Promise((done) => {
      const events = new EventSource(target + '/events');
      events.onopen = () => { read.push('events'); done(); };
      events.onerror = done;
    });
    const form = Object.assign(document.createElement('form'), { action: target + '/mine', method: 'post', target: 'inner' });
    document.body.append(form);
    form.submit();
    await new Promise((done) => setTimeout(done, 300));
    document.title = 'done ' + JSON.stringify(read);
  </script>`;
}

async function serveHostile(target: string): Promise<number> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').end(hostilePage(target));
  });
  onTestFinished(() => void server.close());
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return (server.address() as AddressInfo).port;
}

describePage('a page of another site', () => {
  it.each(['127.0.0.1', 'localhost'])('at %s can neither read nor mine', async (host) => {
    const node = await RunningNode.start(['--port', '0', '--no-mdns']);
    const port = await serveHostile(node.url);
    const { page } = await openAnyPage(`http://${host}:${port}`);
    await expect.poll(() => page.title(), { timeout: 20_000 }).toBe('done []');
    expect(await node.status()).toMatchObject({ length: 1, pending: 0, mining: null });
    expect(await node.get('/mining')).toEqual({ every_seconds: null });
    const frames = page.frames().filter((frame) => frame !== page.mainFrame());
    for (const frame of frames) expect(await frame.locator('.card').count()).toBe(0);
  });
});

describePage('a page whose name was pointed at this machine after it was loaded', () => {
  it('can neither read nor mine, though the browser takes the node for its own site', async () => {
    const node = await RunningNode.start(['--port', '0', '--no-mdns']);
    const rebound = `http://${REBOUND}:${new URL(node.url).port}`;
    const context = await (await browser()).newContext();
    onTestFinished(() => context.close());
    const page = await context.newPage();
    // What its owner answered while the name still was theirs.
    await page.route(`${rebound}/page`, (route) =>
      route.fulfill({ contentType: 'text/html', body: hostilePage(rebound) }),
    );
    const answers: number[] = [];
    page.on('response', (answer) => {
      if (!answer.url().endsWith('/page')) answers.push(answer.status());
    });
    await page.goto(`${rebound}/page`);
    await expect.poll(() => page.title(), { timeout: 20_000 }).toMatch(/^done/);
    expect(await page.title()).not.toMatch(/peer_id|previous_hash|New Block|was loaded|"events"/);
    expect(new Set(answers)).toEqual(new Set([403]));
    expect(await node.status()).toMatchObject({ length: 1, pending: 0, mining: null });
    expect(await node.get('/mining')).toEqual({ every_seconds: null });
  });
});

describePage('a token', () => {
  it('in the address opens the page, and is gone from it at once', async () => {
    const node = await RunningNode.start(['--port', '0', '--no-mdns', '--token', TOKEN]);
    const page = await openPage(`${node.url}/#token=${TOKEN}`);
    await untilShown(page, 1);
    expect(page.url()).toBe(`${node.url}/`);
    expect(
      await page.evaluate(
        () => `${document.cookie}${JSON.stringify({ ...localStorage, ...sessionStorage })}`,
      ),
    ).not.toContain('gossipchain-');
    await page.getByRole('button', { name: 'Mine a block' }).click();
    await card(page, 2).waitFor();
    await page.reload();
    await untilShown(page, 2);
    expect(JSON.stringify(await page.context().cookies())).not.toContain(TOKEN);
  });

  it('in the address opens a page that is there already, and is gone from it at once', async () => {
    const node = await RunningNode.start(['--port', '0', '--no-mdns', '--token', TOKEN]);
    const { page } = await openAnyPage(node.url);
    await page.getByText('This node needs its token').waitFor();
    const paste = (token: string) => page.evaluate((hash) => location.assign(hash), `#token=${token}`);
    await paste('wrong');
    await expect.poll(() => page.url()).toBe(`${node.url}/`);
    await page.getByText('This node needs its token').waitFor();
    await paste(TOKEN);
    await untilShown(page, 1);
    expect(page.url()).toBe(`${node.url}/`);
    // One that is open needs none, and keeps it as little.
    await paste(TOKEN);
    await expect.poll(() => page.url()).toBe(`${node.url}/`);
    await page.getByRole('button', { name: 'Mine a block' }).click();
    await untilShown(page, 2);
  });

  it('is asked for where it is missing, and where to find it is said', async () => {
    const node = await RunningNode.start(['--port', '0', '--no-mdns', '--token', TOKEN]);
    const { page } = await openAnyPage(node.url);
    await page.getByText('This node needs its token').waitFor();
    // This one was given, and never printed.
    await page.getByText('or it is the one that the node was given').waitFor();
    await page.getByLabel('Token').fill('wrong');
    await page.getByRole('button', { name: 'Unlock' }).click();
    await page.getByText('this is not the token of this node').waitFor();
    await page.getByLabel('Token').fill(TOKEN);
    await page.getByRole('button', { name: 'Unlock' }).click();
    await untilShown(page, 1);
  });
});
