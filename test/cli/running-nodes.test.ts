import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Health, type RunningNode, RunningNodes } from '../../src/cli/running-nodes.js';
import { choose } from '../../src/cli/target.js';
import { scratch } from './support.js';

/** No process has this id on any system. */
const DEAD_PID = 2 ** 30;

function node(port: number, fields: Partial<RunningNode> = {}): RunningNode {
  const url = `http://127.0.0.1:${port}/`;
  return {
    pid: process.pid,
    url,
    name: 'n',
    network: 'gossipchain',
    peerId: `peer${port}`,
    tokenFile: null,
    ...fields,
  };
}

/** All that are recorded answer as themselves. */
async function healthy(url: string): Promise<Health> {
  return { peerId: `peer${new URL(url).port}` };
}

describe('the records of running nodes', () => {
  let directory: string;
  let running: RunningNodes;
  beforeEach(() => {
    directory = join(scratch(), 'running');
    running = new RunningNodes(directory);
  });

  it('are listed by port, and gone when the node stops', async () => {
    const remove = [running.add(10000, node(10000)), running.add(5001, node(5001))];
    expect((await running.list(healthy)).map(({ peerId }) => peerId)).toEqual(['peer5001', 'peer10000']);
    for (const one of remove) one();
    expect(await running.list(healthy)).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
  });

  it('are readable for this user alone', () => {
    running.add(5000, node(5000));
    if (process.platform !== 'win32') expect(statSync(join(directory, '5000.json')).mode & 0o777).toBe(0o600);
  });

  it('are removed where the node was killed, whoever has its port now', async () => {
    for (const said of ['refused', 'unknown', { peerId: 'another' }] as const) {
      running.add(5000, node(5000, { pid: DEAD_PID }));
      expect(await running.list(async () => said)).toEqual([]);
      expect(readdirSync(directory)).toEqual([]);
    }
  });

  it('are passed over, and kept, where the process lives but its port is not its own here', async () => {
    running.add(5000, node(5000));
    for (const said of ['refused', { peerId: 'another' }] as const) {
      expect(await running.list(async () => said)).toEqual([]);
      expect(readdirSync(directory)).toEqual(['5000.json']);
    }
  });

  it('count where the node answers late', async () => {
    running.add(5000, node(5000));
    expect(await running.list(async () => 'unknown')).toHaveLength(1);
  });

  it('of nodes that have one port at several addresses are each their own, by names that Windows allows', async () => {
    const urls = ['http://127.0.0.1:5000/', 'http://192.168.7.7:5000/', 'http://[fe80::7]:5000/'];
    const remove = urls.map((url) => running.add(5000, node(5000, { url })));
    expect((await running.list(healthy)).map(({ url }) => url).sort()).toEqual([...urls].sort());
    for (const name of readdirSync(directory)) expect(name).toMatch(/^5000(@[\w.]+)?\.json$/);
    remove[1]?.();
    expect((await running.list(healthy)).map(({ url }) => url).sort()).toEqual([urls[0], urls[2]].sort());
  });

  it('of another node on the same port are not removed by the one before', async () => {
    const remove = running.add(5000, node(5000));
    running.add(5000, node(5000, { peerId: 'next' }));
    remove();
    expect(readdirSync(directory)).toEqual(['5000.json']);
  });

  it('that are damaged, or no records, are passed over', async () => {
    running.add(5000, node(5000));
    for (const text of ['', '{', '[]', 'null', '{"pid": 1}']) {
      writeFileSync(join(directory, '5001.json'), text);
      expect(await running.list(healthy)).toHaveLength(1);
    }
  });
});

describe('a command speaks', () => {
  let directory: string;
  let running: RunningNodes;
  beforeEach(() => {
    directory = join(scratch(), 'running');
    running = new RunningNodes(directory);
  });

  it('to the only running node', async () => {
    running.add(5003, node(5003, { tokenFile: '/t' }));
    expect(await choose({}, running, healthy)).toMatchObject({
      url: { href: 'http://127.0.0.1:5003/' },
      node: { tokenFile: '/t' },
    });
  });

  it('to nobody where none is known, whoever answers at the usual port', async () => {
    expect(await choose({}, running, healthy)).toBeUndefined();
  });

  it('to the one that was named, with the token of that one only', async () => {
    running.add(5003, node(5003, { tokenFile: '/t' }));
    expect(await choose({ port: 5003 }, running, healthy)).toMatchObject({ node: { tokenFile: '/t' } });
    expect(await choose({ port: 5004 }, running, healthy)).toEqual({
      url: new URL('http://127.0.0.1:5004/'),
    });
    const url = new URL('http://example.org:5003/');
    expect(await choose({ url }, running, healthy)).toEqual({ url });
  });

  it('by localhost to the node at a loopback address, and there its token goes', async () => {
    running.add(5003, node(5003, { tokenFile: '/t' }));
    running.add(5004, node(5004, { url: 'http://[::1]:5004/', tokenFile: '/u' }));
    const byName = (port: number) => choose({ url: new URL(`http://localhost:${port}/`) }, running, healthy);
    expect(await byName(5003)).toMatchObject({
      url: { href: 'http://127.0.0.1:5003/' },
      node: { tokenFile: '/t' },
    });
    expect(await byName(5004)).toMatchObject({
      url: { href: 'http://[::1]:5004/' },
      node: { tokenFile: '/u' },
    });
    const others = [
      'http://localhost:5005/',
      'https://localhost:5003/',
      'http://[::1]:5003/',
      'http://127.0.0.2:5003/',
    ];
    for (const url of others.map((other) => new URL(other)))
      expect(await choose({ url }, running, healthy)).toEqual({ url });
  });

  it('without the token of a node that was killed, whoever has its port now', async () => {
    const killed = { pid: DEAD_PID, url: 'http://192.168.7.7:5003/', tokenFile: '/t' };
    running.add(5003, node(5003, killed));
    const url = new URL(killed.url);
    expect(await choose({ url }, running, healthy)).toEqual({ url });
    expect(await choose({ port: 5003 }, running, healthy)).toEqual({
      url: new URL('http://127.0.0.1:5003/'),
    });
  });

  it('by its port alone, at whatever address it listens', async () => {
    running.add(5005, node(5005, { url: 'http://192.168.7.7:5005/', tokenFile: '/t' }));
    expect(await choose({ port: 5005 }, running, healthy)).toMatchObject({
      url: { href: 'http://192.168.7.7:5005/' },
      node: { tokenFile: '/t' },
    });
  });

  it('by its port alone to the one on loopback, else to the only one that is known, and to none of several', async () => {
    const at = (host: string) => running.add(5005, node(5005, { url: `http://${host}:5005/` }));
    const [, second] = [at('192.168.7.7'), at('192.168.7.8')];
    await expect(choose({ port: 5005 }, running, healthy)).rejects.toMatchObject({
      code: 'several-nodes',
      message: expect.stringMatching(/choose one by --url: http:.*7\.7:5005\/ .*7\.8:5005\/ /),
    });
    const loopback = at('127.0.0.1');
    expect((await choose({ port: 5005 }, running, healthy))?.node?.url).toBe('http://127.0.0.1:5005/');
    loopback();
    second?.();
    expect((await choose({ port: 5005 }, running, healthy))?.url.hostname).toBe('192.168.7.7');
  });

  it('by a record of an address that an older version has named by the port alone', async () => {
    running.add(5005, node(5005));
    const old = node(5005, { url: 'http://192.168.7.7:5005/' });
    writeFileSync(join(directory, '5005.json'), JSON.stringify(old));
    expect((await choose({ port: 5005 }, running, healthy))?.node).toEqual(old);
  });

  it('to none of several, but lists them, what they are called made safe to show', async () => {
    running.add(5000, node(5000, { name: 'a\u001b[2J' }));
    running.add(5001, node(5001));
    const failed = choose({}, running, healthy);
    await expect(failed).rejects.toMatchObject({ code: 'several-nodes' });
    await expect(failed).rejects.toThrow(
      'http://127.0.0.1:5000/ (a\\u{1b}[2J, gossipchain), http://127.0.0.1:5001/',
    );
  });
});
