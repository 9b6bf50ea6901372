import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

/** A node of the sync bench whose control API answers these statuses. */
async function benchNode(statuses: Record<string, number>) {
  const { BenchNode } = await import(pathToFileURL('bench/sync-node.js').href);
  const server = createServer(({ url = '' }, response) => {
    response.statusCode = statuses[url] ?? 404;
    response.end(`the answer to ${url}`);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => void server.close());
  return Object.assign(new BenchNode(), {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
  });
}

describe('a payment of the sync bench', () => {
  it('is done when it was taken, and its block was forged', async () => {
    const node = await benchNode({ '/transactions/new': 201, '/mine': 200 });
    await expect(node.pay(1)).resolves.toBeUndefined();
  });

  it.each(['/transactions/new', '/mine'])(
    'fails with what was answered where %s is refused',
    async (path) => {
      const node = await benchNode({ '/transactions/new': 201, '/mine': 200, [path]: 503 });
      await expect(node.pay(1)).rejects.toThrow(`the answer to ${path}`);
    },
  );
});
