/** What the software is for, as its user sees it: processes that find each other, gossip and agree. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { describeNodes, RunningNode, scratch, untilAgreed, untilStatus } from './running-node.js';

const exec = promisify(execFile);

describeNodes('two nodes on one host, by mDNS alone', () => {
  it('connect; what is sent at one is pending at both; what is mined at one is the head of both', async () => {
    const first = await RunningNode.start(['--port', '5000', '--data-dir', scratch()]);
    const second = await RunningNode.start(['--port', '5001', '--data-dir', scratch()]);
    expect([first.url, second.url]).toEqual(['http://127.0.0.1:5000', 'http://127.0.0.1:5001']);
    for (const node of [first, second]) await untilStatus(node, ({ peers }) => peers === 1);

    const sent = await first.post('/transactions/new', { sender: 'alice', recipient: 'bob', amount: 5 });
    expect(sent.status).toBe(201);
    await untilStatus(second, ({ pending }) => pending === 1);
    expect(await first.mine()).toMatchObject({ index: 2, proof: 35293 });
    await untilAgreed([first, second], 2);
    expect(await second.mine()).toMatchObject({ index: 3, proof: 35089 });
    await untilAgreed([first, second], 3);
    expect(await first.mine()).toMatchObject({ index: 4, proof: 119678 });
    await untilAgreed([first, second], 4);

    expect(await second.text('/chain')).toBe(await first.text('/chain'));
    for (const node of [first, second]) expect(await node.status()).toMatchObject({ pending: 0 });
  });

  it('take a stdlib Python client of the tutorial through resolve, and its hash of our head is ours', async () => {
    const node = await RunningNode.start([
      '--ephemeral',
      '--port',
      '0',
      '--network',
      'python',
      '--difficulty',
      '2',
    ]);
    await node.post('/transactions/new', '{"sender": "Jörg", "recipient": "小明😀", "amount": 5.0}');
    for (let i = 0; i < 3; i++) await node.mine();
    const script = [
      'import hashlib, json, sys, urllib.request',
      'answer = json.load(urllib.request.urlopen(sys.argv[1] + "/nodes/resolve"))',
      'print(answer["message"])',
      'print(hashlib.sha256(json.dumps(answer["chain"][-1], sort_keys=True).encode()).hexdigest())',
    ].join('\n');
    const { stdout } = await exec('python3', ['-c', script, node.url]);
    expect(stdout.trim().split('\n')).toEqual(['Our chain is authoritative', (await node.status()).head]);
  });

  it('give a late joiner the chain and what is pending', async () => {
    const network = ['--network', 'late', '--difficulty', '1', '--port', '0', '--ephemeral'];
    const first = await RunningNode.start(network);
    for (let i = 0; i < 5; i++) await first.mine();
    for (let i = 0; i < 3; i++)
      await first.post('/transactions/new', { sender: 'a', recipient: 'b', amount: i + 1 });
    const late = await RunningNode.start(network);
    await untilAgreed([first, late], 6);
    await untilStatus(late, ({ pending }) => pending === 3);
  });

  it('of different networks never mix', async () => {
    const common = ['--port', '0', '--ephemeral'];
    const [one, two] = [
      await RunningNode.start([...common, '--network', 'one']),
      await RunningNode.start([...common, '--network', 'two']),
    ];
    const third = await RunningNode.start([...common, '--network', 'one']);
    await untilStatus(third, ({ peers }) => peers === 1);
    await untilStatus(one, ({ peers }) => peers === 1);
    expect((await two.status()).peers).toBe(0);
  });
});

describeNodes('ten nodes on one host', () => {
  it('connect all to all, and a block mined on one is the head of all', async () => {
    const common = ['--port', '0', '--ephemeral', '--network', 'ten', '--difficulty', '1'];
    const nodes = await Promise.all(Array.from({ length: 10 }, () => RunningNode.start(common)));
    for (const node of nodes) await untilStatus(node, ({ peers }) => peers === 9, 60_000);
    for (const [round, node] of nodes.slice(0, 3).entries()) {
      await node.mine();
      await untilAgreed(nodes, round + 2);
    }
  });
});

describeNodes('nodes with fixed peers and no mDNS', () => {
  it('meet by one address, and meet again after one was away', async () => {
    const common = ['--port', '0', '--no-mdns', '--network', 'fixed', '--difficulty', '1'];
    const first = await RunningNode.start([...common, '--data-dir', scratch()]);
    const [address] = (await first.status()).addresses;
    const second = await RunningNode.start([...common, '--ephemeral', '--peer', address as string]);
    await untilStatus(second, ({ peers }) => peers === 1);
    await first.end('SIGKILL');
    await untilStatus(second, ({ peers }) => peers === 0);
    await second.mine();
    const back = await first.again();
    await untilAgreed([back, second], 2);
  });
});
