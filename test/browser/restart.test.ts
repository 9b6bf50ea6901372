/** The node goes away and comes back: the page says so, misses nothing, and shows what is true then. */
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { DEFAULT_NETWORK } from '../../src/chain/index.js';
import { RunningNode, run, scratch } from '../e2e/running-node.js';
import { chainOf, chainText } from '../helpers/chains.js';
import { card, describePage, holdAnswers, openAnyPage, untilShown } from './browser.js';

const AWAY = 'The node does not answer.';

/** A node, and a wire to it, whose address stays the same over a restart. */
async function start(...args: string[]): Promise<{ ada: RunningNode; wire: Wire }> {
  const ada = await RunningNode.start(['--port', '0', '--no-mdns', '--allow-host', '127.0.0.1', ...args]);
  return { ada, wire: await Wire.to(ada.url) };
}

const keeping = () => ['--name', 'ada', '--data-dir', join(scratch(), 'data')];

/** The node ends, and where it was nobody listens any more. */
async function end(ada: RunningNode, wire: Wire, signal: NodeJS.Signals): Promise<void> {
  await ada.end(signal);
  await wire.cut();
}

/** The node comes back, where it was. */
async function again(ada: RunningNode, wire: Wire): Promise<RunningNode> {
  const back = await ada.again();
  await wire.mend(back.url);
  return back;
}

/** A wire to a node that can be cut. */
class Wire {
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  private constructor(
    private target: string,
    private port = 0,
  ) {}

  static async to(url: string): Promise<Wire> {
    const wire = new Wire(url);
    await wire.mend();
    onTestFinished(() => wire.cut());
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async mend(target = this.target): Promise<void> {
    this.target = target;
    const server = createServer((near) => {
      const far = connect(Number(new URL(this.target).port), '127.0.0.1');
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => {}).on('close', () => this.#sockets.delete(socket));
      }
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((done) => server.listen(this.port, '127.0.0.1', done));
    this.port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server === undefined) return;
    const closed = new Promise((done) => server.close(done));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

describePage('a restart', () => {
  it('is survived, and said; the page goes on by itself', async () => {
    const { ada, wire } = await start(...keeping());
    await ada.mine();
    const { page } = await openAnyPage(wire.url);
    await untilShown(page, 2);
    // The length is there before the blocks are, which nobody could bring any more.
    await card(page, 2).waitFor();
    await end(ada, wire, 'SIGTERM');
    await page.getByText(AWAY).waitFor();
    await expect.poll(() => page.getByRole('button', { name: 'Mine a block' }).isDisabled()).toBe(true);
    await card(page, 2).waitFor();
    const back = await again(ada, wire);
    await page
      .getByText(/The node is back since .*It was started again\. Its chain is the same as before\./)
      .waitFor();
    await page.getByText(AWAY).waitFor({ state: 'detached' });
    await back.mine();
    await card(page, 3).waitFor();
    await page.getByRole('button', { name: 'OK' }).click();
    await page.locator('.banner').waitFor({ state: 'detached' });
  });

  it('by the hard way, too', async () => {
    const { ada, wire } = await start(...keeping());
    await ada.mine();
    const { page } = await openAnyPage(wire.url);
    await untilShown(page, 2);
    await end(ada, wire, 'SIGKILL');
    await page.getByText(AWAY).waitFor();
    const back = await again(ada, wire);
    await page.getByText('The node is back since').waitFor();
    for (let i = 0; i < 2; i++) await back.mine();
    await untilShown(page, 4);
    await card(page, 4).waitFor();
  });

  it('with another chain afterwards is told, and nothing of the old one is left', async () => {
    const { ada, wire } = await start(...keeping());
    await ada.mine();
    const { page } = await openAnyPage(wire.url);
    await untilShown(page, 2);
    const old = await card(page, 2).getAttribute('data-hash');
    await end(ada, wire, 'SIGTERM');
    const longer = chainOf(DEFAULT_NETWORK, 4, { miner: 'somebody else' });
    const file = join(scratch(), 'longer.json');
    await writeFile(file, chainText(longer));
    const directory = ada.args[ada.args.indexOf('--data-dir') + 1] as string;
    expect((await run(['import', file, '--data-dir', directory], ada.home)).code).toBe(0);
    await page.getByText(AWAY).waitFor();
    // What it asks for first is of no use any more when the answer comes, since by then it has learnt more: it has to ask again.
    const chain = await holdAnswers(page, '**/chain?*');
    const lastSeen = await holdAnswers(page, '**/blocks/*');
    await again(ada, wire);
    await untilShown(page, 4);
    await Promise.all([chain.held, lastSeen.held]);
    lastSeen.release();
    await page.getByText('Its chain is another than before: what you saw last is no longer in it.').waitFor();
    chain.release();
    await expect.poll(() => card(page, 2).getAttribute('data-hash')).toBe(longer[1]?.hash);
    await page.locator(`.lost-cell .card[data-hash="${old}"]`).waitFor();
  });

  it('of the network only is none: what came meanwhile is there, and its story with it, told once', async () => {
    const { ada, wire } = await start();
    const { page } = await openAnyPage(wire.url);
    // It tells what has changed since it last knew how the chain stood.
    await untilShown(page, 1);
    const asked: (string | undefined)[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('/events')) asked.push(request.headers()['last-event-id']);
    });
    await ada.post('/transactions/new', { sender: 'alice', recipient: 'bob', amount: 5 });
    await page.locator('.pending .payment', { hasText: 'alice' }).waitFor();
    await wire.cut();
    await page.getByText(AWAY).waitFor();
    await ada.post('/transactions/new', { sender: 'carol', recipient: 'dan', amount: 7 });
    await ada.mine();
    await wire.mend();
    await page.getByText(/The node is back since .* s\. {2}Its chain has grown meanwhile/).waitFor();
    expect(asked.at(-1)).toMatch(/^\d+-\d+$/);
    await card(page, 2).click();
    for (const [at, sender] of ['alice', 'carol'].entries()) {
      if (at > 0) await card(page, 2).click();
      await page.locator('.drawer .payment', { hasText: sender }).click();
      await expect
        .poll(() => page.locator('.life li').evaluateAll((steps) => steps.map((step) => step.className)))
        .toEqual(['sent', 'block', 'now confirmed']);
      await page.keyboard.press('Escape');
    }
  });
});
