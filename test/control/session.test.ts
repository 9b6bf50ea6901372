/** A page shows the token once; from then on a cookie stands for it. */
import { describe, expect, it } from 'vitest';
import { ask, expectError, post, startNode } from './support.js';

const TOKEN = 'correct-horse_battery.staple~42';

async function signIn(url: string): Promise<string> {
  const answer = await post(`${url}/session`, { token: TOKEN });
  expect(answer.status).toBe(204);
  return String(answer.headers['set-cookie']);
}

describe('a session', () => {
  it('is begun with the token, and its cookie does for every call', async () => {
    const { url, node } = await startNode({ token: TOKEN });
    const cookie = (await signIn(url)).split(';')[0] as string;
    for (const path of ['/status', '/chain', '/', '/mine']) {
      expect((await ask(`${url}${path}`, { headers: { Cookie: cookie } })).status).toBe(200);
      expect((await ask(`${url}${path}`, { headers: { Cookie: `a=b; ${cookie}; c=d` } })).status).toBe(200);
    }
    expect(node.status().head.length).toBe(3);
  });

  it('is out of reach of scripts and of other sites, and its cookie does not tell the token', async () => {
    const { url, binding } = await startNode({ token: TOKEN });
    const cookie = await signIn(url);
    expect(cookie).toMatch(
      new RegExp(`^gossipchain-${binding.port}=[0-9a-f]{64}; Path=/; HttpOnly; SameSite=Strict$`),
    );
    expect(cookie).not.toContain(TOKEN);
  });

  it('survives a restart, but not another token', async () => {
    const first = await startNode({ token: TOKEN });
    const value = /=([0-9a-f]+);/.exec(await signIn(first.url))?.[1];
    const again = await startNode({ token: TOKEN });
    const other = await startNode({ token: `${TOKEN}2` });
    const status = async ({ url, binding }: typeof first) =>
      (await ask(`${url}/status`, { headers: { Cookie: `gossipchain-${binding.port}=${value}` } })).status;
    expect(await status(again)).toBe(200);
    expect(await status(other)).toBe(401);
  });

  it('is refused without the right token', async () => {
    const { url } = await startNode({ token: TOKEN });
    const answer = await post(`${url}/session`, { token: `${TOKEN}x` });
    expectError(answer, 401, 'this is not the token of this node');
    expect(answer.headers).not.toHaveProperty('set-cookie');
    for (const body of [{}, { token: 5 }, { token: TOKEN, more: 1 }, '[]']) {
      expectError(await post(`${url}/session`, body), 400, 'send the token as {"token": "…"}');
    }
  });

  it.each(['', '0'.repeat(64), TOKEN])('is not one with the cookie %j', async (value) => {
    const { url, binding } = await startNode({ token: TOKEN });
    const headers = { Cookie: `gossipchain-${binding.port}=${value}` };
    expectError(await ask(`${url}/status`, { headers }), 401, /token/);
  });

  it('does not help who sends a wrong token beside it', async () => {
    const { url } = await startNode({ token: TOKEN });
    const cookie = (await signIn(url)).split(';')[0] as string;
    const headers = { Cookie: cookie, Authorization: 'Bearer wrong' };
    expectError(await ask(`${url}/status`, { headers }), 401, /not the token/);
  });

  it('does not help a page of another site', async () => {
    const { url, node } = await startNode({ token: TOKEN });
    const cookie = (await signIn(url)).split(';')[0] as string;
    const headers = { Cookie: cookie, 'Sec-Fetch-Site': 'cross-site' };
    expectError(await ask(`${url}/mine`, { headers }), 403, /another site/);
    expectError(
      await ask(`${url}/session`, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: '{}',
      }),
      403,
      /another site/,
    );
    expect(node.status().head.length).toBe(1);
  });

  it('needs no token where the node needs none', async () => {
    const { url } = await startNode();
    const answer = await post(`${url}/session`, { token: 'any' });
    expect(answer.status).toBe(204);
    expect(answer.headers).not.toHaveProperty('set-cookie');
  });
});
