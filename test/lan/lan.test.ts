/** The LAN that the other tests stand on does what they take for granted. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { describeNodes } from '../e2e/running-node.js';
import { hasCables } from './cable.js';
import type { Host } from './host.js';
import { Lan } from './lan.js';
import { boundToUs } from './namespace.js';
import { until } from './until.js';

const GROUP = '239.99.0.1';
const PORT = 9_999;

/** Prints `FROM WORD` and the time in ms for each datagram, to this host or to the group. */
const LISTEN = `
import { createSocket } from 'node:dgram';
const socket = createSocket('udp4');
socket.on('message', (word, from) => console.log(from.address, String(word), Date.now()));
socket.bind(${PORT}, () => { socket.addMembership('${GROUP}', process.argv[1]); console.log('listens'); });
`;

/** Sends WORD so often to ADDRESS, every 2 ms, and prints when the first left. */
const SEND = `
import { createSocket } from 'node:dgram';
const [own, to, word, count] = process.argv.slice(1);
const socket = createSocket('udp4');
socket.bind(0, own, async () => {
  socket.setMulticastInterface(own);
  console.log(Date.now());
  for (let sent = 0; sent < Number(count); sent++) {
    socket.send(word, ${PORT}, to);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  socket.close();
});
`;

/** Says 3 MiB to whoever connects, and is gone. Prints its port. */
const ANSWER = `
import { createServer } from 'node:net';
const server = createServer((socket) => socket.end(Buffer.alloc(3 * 2 ** 20)));
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

const script = (program: string, ...args: string[]) => [
  process.execPath,
  '--input-type=module',
  '-e',
  program,
  ...args,
];

async function listener(host: Host): Promise<() => string[]> {
  const child = host.spawn(script(LISTEN, host.address));
  let text = '';
  child.stdout?.on('data', (chunk) => (text += chunk));
  await until('the listener listens', async () => text !== '');
  return () => text.trimEnd().split('\n').slice(1);
}

/** @returns when the first left */
async function send(from: Host, to: string, word: string, count = 1): Promise<number> {
  return Number(await from.run(...script(SEND, from.address, to, word, String(count))));
}

describeNodes('a LAN of namespaces', () => {
  it('joins hosts that have no default route, and parts those in different groups, until it is healed', async () => {
    const lan = await Lan.make(3);
    const [a, b, c] = lan.hosts as [Host, Host, Host];
    expect(await a.run('ip', 'route')).toBe('10.99.0.0/24 dev eth0 proto kernel scope link src 10.99.0.1 \n');
    expect(await b.run('hostname')).toBe('host2\n');
    const heard = await listener(b);
    for (const host of [a, c]) await send(host, b.address, 'before');
    await lan.split([a], [b, c]);
    await send(a, b.address, 'while-split');
    await send(c, b.address, 'same-side');
    await lan.heal();
    await lan.cut(a);
    await send(a, b.address, 'while-cut');
    await lan.mend(a);
    await send(a, b.address, 'healed');
    await until('the last is heard', async () => heard().length >= 4);
    // A host that had never heard of the other would hold its first words back until it is answered.
    expect(heard().map((line) => line.split(' ')[1])).toEqual(['before', 'before', 'same-side', 'healed']);
  });

  it('drops multicast, and nothing else, when told to', async () => {
    const lan = await Lan.make(2);
    const [a, b] = lan.hosts as [Host, Host];
    const heard = await listener(b);
    await send(a, GROUP, 'multicast');
    await lan.multicast(false);
    await send(a, GROUP, 'dropped');
    await send(a, b.address, 'unicast');
    await lan.multicast(true);
    await send(a, GROUP, 'again');
    await until('the last is heard', async () => heard().length >= 3);
    expect(heard().map((line) => line.split(' ')[1])).toEqual(['multicast', 'unicast', 'again']);
  });

  it.skipIf(!hasCables)('has bad cables: late, lossy as they are told, and whole again', async () => {
    const lan = await Lan.make(2);
    const [a, b] = lan.hosts as [Host, Host];
    const heard = await listener(b);
    await lan.spoil(a, { delayMs: 200 });
    const left = await send(a, b.address, 'late');
    await until('it is heard', async () => heard().length === 1);
    expect(Number(heard()[0]?.split(' ')[2]) - left).toBeGreaterThanOrEqual(199);
    await lan.spoil(a, { loss: 0.3 });
    await send(a, b.address, 'lossy', 500);
    await lan.spoil(a, {});
    await send(a, b.address, 'whole', 100);
    await until(
      'the whole ones are heard',
      async () => heard().filter((l) => l.includes('whole')).length === 100,
    );
    const got = heard().filter((line) => line.includes('lossy')).length;
    expect(got).toBeGreaterThan(280);
    expect(got).toBeLessThan(420);
  });

  it.skipIf(!hasCables)(
    'blocks a TCP port of a host, while the others stay open, and large transfers pass a bad cable unharmed',
    async () => {
      const lan = await Lan.make(2);
      const [a, b] = lan.hosts as [Host, Host];
      const serve = `
      import { createServer } from 'node:net';
      for (const port of [4001, 4002]) createServer((socket) => socket.end(Buffer.alloc(3e6, 'x'))).listen(port);
      console.log('serves');`;
      const fetch = `
      import { connect } from 'node:net';
      const socket = connect({ host: '${b.address}', port: Number(process.argv[1]) });
      let bytes = 0;
      socket.setTimeout(1000, () => { console.log('no answer'); process.exit(); });
      socket.on('data', (chunk) => (bytes += chunk.length)).on('end', () => console.log(bytes));`;
      const server = b.spawn(script(serve));
      await once(server.stdout!, 'data');
      await lan.spoil(b, { blockedTcp: [4001] });
      expect(await a.run(...script(fetch, '4001'))).toBe('no answer\n');
      expect(await a.run(...script(fetch, '4002'))).toBe('3000000\n');
      await lan.spoil(b, { blockedTcp: [0] });
      expect(await a.run(...script(fetch, '4002'))).toBe('no answer\n');
      await lan.spoil(b, {});
      expect(await a.run(...script(fetch, '4001'))).toBe('3000000\n');
    },
  );

  it('has doors to its hosts that let out large answers whole, however soon the answerer is gone', async () => {
    const [host] = (await Lan.make(1)).hosts as [Host];
    const server = host.spawn(script(ANSWER));
    const [port] = (await once(server.stdout!, 'data')) as [Buffer];
    for (let asked = 0; asked < 20; asked++) {
      const door = connect(host.socket);
      door.write(`${port}`);
      expect((await buffer(door)).length).toBe(3 * 2 ** 20);
    }
  });

  it('tells a host of a pulled cable, and of a second interface', async () => {
    const lan = await Lan.make(1);
    const [a] = lan.hosts as [Host];
    const names = async () =>
      JSON.parse(
        await a.run(
          ...script(
            "console.log(JSON.stringify(Object.keys((await import('node:os')).networkInterfaces())))",
          ),
        ),
      );
    const untilNames = (expected: string[]) =>
      until(`interfaces ${expected}`, async () => String(await names()) === String(expected));
    await untilNames(['lo', 'eth0']);
    await lan.unplug(a);
    await untilNames(['lo']);
    await lan.plug(a);
    await lan.attach(a, 1);
    await untilNames(['lo', 'eth0', 'eth1']);
    expect(await a.run('ip', 'route')).toContain('10.99.1.0/24 dev eth1');
  });

  it('leaves nothing behind, even where the process that made it is killed', async () => {
    const maker = spawn('sh', [
      '-c',
      '"$@" & wait',
      'sh',
      ...boundToUs(['sh', '-c', 'echo $$; exec sleep 100']),
    ]);
    const [pid] = await once(maker.stdout, 'data');
    maker.kill('SIGKILL');
    await until('the process is gone', async () => !existsSync(`/proc/${Number(pid)}`));
  });
});
