/** What keeps nodes from seeing each other, provoked on a LAN: `doctor` names it, and so does a line in the log. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { describeNodes, MAIN } from '../e2e/running-node.js';
import type { Host } from './host.js';
import { Lan } from './lan.js';
import type { LanNode } from './lan-node.js';
import { until } from './until.js';

interface Report {
  readonly code: number | null;
  readonly ok: boolean;
  readonly recommendation: string;
  readonly hindrances: { code: string; blocks: boolean; what: string; advice: string }[];
}

/** Runs the doctor on a host, which finds the node that its home records. */
async function text(host: Host, ...args: string[]): Promise<{ code: number | null; output: string }> {
  const home = ['env', `HOME=${host.home}`, 'XDG_STATE_HOME='];
  const child = host.spawn([...home, process.execPath, MAIN, 'doctor', ...args]);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, output };
}

async function doctor(host: Host): Promise<Report> {
  const { code, output } = await text(host, '--json');
  expect([0, 1], output).toContain(code);
  return { code, ...JSON.parse(output) };
}

/** Asks the doctor until the first thing in the way is what is expected. */
async function untilNamed(host: Host, expected: string): Promise<Report> {
  let report: Report | undefined;
  await until(
    `the doctor of ${host.name} names ${expected}`,
    async () => {
      report = await doctor(host);
      const [first] = report.hindrances;
      return first?.code === expected && first.blocks ? true : JSON.stringify(report.hindrances);
    },
    60_000,
  );
  const named = report as Report;
  expect(named).toMatchObject({ code: 1, ok: false, recommendation: named.hindrances[0]?.advice });
  return named;
}

async function untilLogged(node: LanNode, line: RegExp): Promise<void> {
  await until(`${node.host.name} logs ${line}`, async () => line.test(node.output) || node.output, 60_000);
}

async function untilMet(...nodes: LanNode[]): Promise<void> {
  await until('all have met', async () => {
    const counts = await Promise.all(nodes.map(async (node) => (await node.peers()).length));
    return counts.every((count) => count === nodes.length - 1);
  });
}

async function lanOf(count: number): Promise<{ lan: Lan; hosts: [Host, Host, ...Host[]] }> {
  const lan = await Lan.make(count);
  return { lan, hosts: lan.hosts as [Host, Host, ...Host[]] };
}

describeNodes('the doctor', () => {
  it('finds nothing in the way of nodes that see each other', async () => {
    const { hosts } = await lanOf(2);
    const [a, b] = hosts;
    await untilMet(await a.start(), await b.start());
    const report = await doctor(a);
    expect(report).toMatchObject({ code: 0, ok: true, hindrances: [] });
    expect(report.recommendation).toBe('Nothing is in the way: 1 peer is connected.');
    const { output } = await text(a);
    expect(output).toContain('ok  eth0  10.99.0.1');
    expect(output).toContain('ok  eth0  our own question is heard');
    expect(output).toContain('ok  other machines heard: 10.99.0.2');
    expect(output).toMatch(/ok {2}host2 \(.*\): .* at \/ip4\/10\.99\.0\.2\/tcp\/\d+: connected/);
  });

  it('says that multicast is dropped, and the way round that it shows leads to the others', async () => {
    const { lan, hosts } = await lanOf(2);
    const [a, b] = hosts;
    await lan.multicast(false);
    const [one, other] = await Promise.all([a.start(), b.start()]);
    const { recommendation } = await untilNamed(a, 'multicast-dropped');
    expect(recommendation).toContain('gossipchain invite');
    await untilLogged(one, /nobody-heard .*multicast is dropped/);
    const { code } = await other.get<{ code: string }>('/invitation');
    await one.ask('POST', '/nodes/register', { nodes: [code] });
    await untilMet(one, other);
    const after = await doctor(a);
    expect(after).toMatchObject({ code: 0, ok: true });
    expect(after.hindrances).toMatchObject([{ code: 'multicast-dropped', blocks: false }]);
  });

  it('says that the port is blocked, and which', async () => {
    const { lan, hosts } = await lanOf(2);
    const [a, b] = hosts;
    // Of the two it is enough that one reaches the other.
    for (const host of [a, b]) await lan.spoil(host, { blockedTcp: [0] });
    const [one, other] = await Promise.all([a.start(), b.start()]);
    const { hindrances, recommendation } = await untilNamed(a, 'port-blocked');
    const place = /10\.99\.0\.2\/tcp\/(\d+)/.exec(await other.address())?.[1];
    expect(hindrances[0]?.what).toContain(`10.99.0.2:${place} does not answer, though it is heard by mDNS`);
    expect(recommendation).toContain(`Let connections in at 10.99.0.2:${place}`);
    await untilLogged(one, /port-blocked .*10\.99\.0\.2/);
  });

  it.each([
    ['wrong-network', ['--network', 'other'], 'belongs to the network "gossipchain", this node to "other"'],
    ['wrong-genesis', ['--genesis'], 'its genesis is 9bd58252bbed…'],
  ])('names a %s, though mDNS shows no more than digits of its id', async (code, options, what) => {
    const { hosts } = await lanOf(3);
    const [a, b, c] = hosts as [Host, Host, Host];
    const genesis = join(b.home, 'genesis.json');
    mkdirSync(b.home, { recursive: true });
    writeFileSync(
      genesis,
      '{"index": 1, "timestamp": 5.0, "transactions": [], "proof": 100, "previous_hash": "1"}',
    );
    const ours = await Promise.all([a.start(), c.start()]);
    await untilMet(...ours);
    const odd = await b.start(...options, ...(code === 'wrong-genesis' ? [genesis] : []));
    const report = await untilNamed(b, code);
    expect(report.hindrances[0]?.what).toContain(what);
    await untilLogged(odd, new RegExp(`${code} .*${code === 'wrong-genesis' ? 'genesis' : 'network'}`));
    // Those who have each other are not hindered by it, and have not counted its question as a peer.
    expect(await doctor(a)).toMatchObject({ code: 0, ok: true, hindrances: [] });
    expect(ours.map(({ output }) => output).join('')).not.toMatch(/peer-(dropped|left)/);
  });

  it('names the wrong network of a peer that was given by hand', async () => {
    const { lan, hosts } = await lanOf(2);
    const [a, b] = hosts;
    await lan.multicast(false);
    const other = await b.start('--network', 'other');
    const node = await a.start('--peer', await other.address());
    await untilLogged(node, /wrong-network .*the network \\"other\\"/);
    await untilNamed(a, 'wrong-network');
  });

  it('says that there is no interface, with a node and without', async () => {
    const { lan, hosts } = await lanOf(2);
    const [a] = hosts;
    await lan.unplug(a);
    // The system takes a moment to see that the cable is out.
    await until('something is in the way', async () => !(await doctor(a)).ok);
    expect(await doctor(a)).toMatchObject({ code: 1, hindrances: [{ code: 'no-interface' }] });
    const node = await a.start();
    await untilLogged(node, /no-interface/);
    await untilNamed(a, 'no-interface');
  });

  it('finds nothing in the way of a node that is to be started, and says so', async () => {
    const { hosts } = await lanOf(2);
    // An interface that was just brought up takes a moment.
    await until('nothing is in the way', async () => (await doctor(hosts[0])).ok);
    const { code, output } = await text(hosts[0]);
    expect(output).toContain('no node of this user runs');
    expect(output).toContain('start a node with gossipchain start');
    expect(code).toBe(0);
  });
});
