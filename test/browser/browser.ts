/** The system's own browser, looking at nodes that run; what a page must never do is checked for every page. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, describe, expect, onTestFinished } from 'vitest';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

function systemBrowser(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
}

const executablePath = systemBrowser();
if (executablePath === undefined) {
  console.warn('No Chromium here (Debian: apt-get install chromium): the tests in a browser are skipped.');
}

/** Only where there is a browser, and where no packet can leave the machine. */
export const describePage = describe.skipIf(
  executablePath === undefined || process.env.GOSSIPCHAIN_TEST_NAMESPACE !== '1',
);

/** A name whose owner has pointed it at this machine. */
export const REBOUND = 'rebound.example';

let running: Promise<Browser> | undefined;

afterAll(async () => {
  await (await running)?.close();
});

export function browser(): Promise<Browser> {
  running ??= chromium.launch({
    ...(executablePath && { executablePath }),
    // The first start reads it all from a disk that others use.
    timeout: 100_000,
    args: [
      `--host-resolver-rules=MAP ${REBOUND} 127.0.0.1`,
      // Newer ones keep public pages from this machine by themselves; what is tested are browsers that do not.
      '--disable-features=LocalNetworkAccessChecks',
      // Chromium's sandbox does not work for root, as in a container.
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
  return running;
}

export const WIDE = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };

export interface Opened {
  readonly page: Page;
  /** What the page complained of. */
  readonly complaints: string[];
  /** Hosts that it asked, with their ports. */
  readonly hosts: Set<string>;
}

/** A page of its own, with nothing kept from others. It has to have complained of nothing and asked nobody else. */
export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const { page, complaints, hosts } = await openAnyPage(url, options);
  onTestFinished(() => {
    expect(complaints).toEqual([]);
    expect([...hosts]).toEqual([new URL(url).host]);
  });
  return page;
}

/** Without these promises: for pages whose node goes away, and for other sites' pages. */
export async function openAnyPage(url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await (await browser()).newContext({
    viewport: WIDE,
    locale: 'en-US',
    reducedMotion: 'reduce',
    ...options,
  });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  const complaints: string[] = [];
  const hosts = new Set<string>();
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error.stack)));
  page.on('request', (request) => {
    const { protocol, host } = new URL(request.url());
    if (protocol.startsWith('http')) hosts.add(host);
  });
  await page.goto(url);
  return { page, complaints, hosts };
}

/** Has answers to a page's questions come late, until they are released. @property held resolves when there is one */
export async function holdAnswers(
  page: Page,
  path: string,
): Promise<{ held: Promise<void>; release: () => void }> {
  let hold = () => {};
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    hold = resolve;
  });
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route(path, async (route) => {
    const response = await route.fetch().catch(() => undefined);
    if (response === undefined) return await route.abort();
    hold();
    await released;
    await route.fulfill({ response });
  });
  return { held, release };
}

/** As a browser tells a page that its tab is behind another, or before: in tests each page takes itself for the one that is seen. */
export async function look(page: Page, isThere: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  }, !isThere);
}

/** Waits until the page has drawn what it knows. */
export async function untilDrawn(page: Page): Promise<void> {
  for (let frame = 0; frame < 2; frame++) await page.evaluate(() => new Promise(requestAnimationFrame));
}

/** The card of a block of the chain itself. */
export function card(page: Page, index: number) {
  return page.locator(`.cell:not(.lost-cell) .card[data-index="${index}"]`);
}

/** Waits until the page is live and shows the chain up to this block. */
export async function untilShown(page: Page, length: number, timeout = 20_000): Promise<void> {
  await expect
    .poll(() => page.getByTestId('length').textContent(), { timeout, interval: 20 })
    .toBe(length.toLocaleString('en-US'));
}

/** What axe-core finds that is serious or worse. */
export async function seriousFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (window as unknown as { axe: typeof axe }).axe.run());
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`));
}

/** By how much the page is wider than the window, in px. */
export async function overflow(page: Page): Promise<number> {
  return await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
}
