import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { describeNodes, RunningNode, scratch } from './running-node.js';

/** As on Android. */
const FORBIDDEN = `
require('node:os').networkInterfaces = () => { throw new Error('uv_interface_addresses returned 13'); };
require('node:module').syncBuiltinESMExports();
`;

describeNodes('where the system does not tell its network interfaces', () => {
  it('a node runs all the same, and says once why it looks for nobody', async () => {
    const home = scratch();
    const hook = join(home, 'forbidden.cjs');
    writeFileSync(hook, FORBIDDEN);
    vi.stubEnv('NODE_OPTIONS', `--require ${hook}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const node = await RunningNode.start(['--port', '0', '--host', '0.0.0.0', '--token', 'secret'], home);
    expect(node.output).toMatch(/\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\//);
    expect(await node.end('SIGTERM')).toMatchObject({ code: 0 });
    expect(node.log.match(/interfaces-unreadable/g)).toHaveLength(1);
  });
});
