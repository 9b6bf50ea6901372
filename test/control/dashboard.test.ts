/** The dashboard is served by the node itself: to browsers, without a token, and allowed next to nothing. */
import { describe, expect, it } from 'vitest';
import { ask, expectError, startNode } from './support.js';

const BROWSER = { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'Sec-Fetch-Site': 'none' };

describe('the dashboard', () => {
  it('is what a browser gets at /, and may only run its own files and talk to its node', async () => {
    const { url } = await startNode();
    const { status, headers, text } = await ask(url, { headers: BROWSER });
    expect(status).toBe(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    expect(headers.vary).toBe('Accept');
    expect(text).not.toMatch(/<script>|<style|style=|onclick|https?:\/\//);
  });

  it.each(['*/*', 'application/json', undefined])('is not what others get (Accept: %s)', async (accept) => {
    const { url } = await startNode();
    const { json } = await ask(url, { headers: accept === undefined ? {} : { Accept: accept } });
    expect(json.message).toMatch(/control API/);
    expect(json.calls).toContain('GET /mine');
  });

  it('is made of files that the page names, and that a browser need not fetch twice', async () => {
    const { url } = await startNode();
    const { text } = await ask(url, { headers: BROWSER });
    const names = Array.from(text.matchAll(/(?:src|href)="(\/[^"]+)"/g), ([, name]) => name as string);
    expect(names.sort()).toEqual(['/dashboard/app.css', '/dashboard/app.js']);
    for (const name of ['/', ...names]) {
      const first = await ask(url + name, { headers: BROWSER });
      expect(first.status).toBe(200);
      expect(first.headers['cache-control']).toBe('no-cache');
      const again = await ask(url + name, {
        headers: { ...BROWSER, 'If-None-Match': String(first.headers.etag) },
      });
      expect(again).toMatchObject({ status: 304, text: '' });
    }
  });

  it('needs no token to be shown, only to show anything', async () => {
    const { url } = await startNode({ token: 'secret' });
    for (const path of ['/', '/dashboard/app.js', '/dashboard/app.css']) {
      expect((await ask(url + path, { headers: BROWSER })).status).toBe(200);
    }
    for (const path of ['/status', '/branches', '/mining', '/events', '/dashboard/index.html']) {
      expectError(await ask(url + path, { headers: BROWSER }), 401, /token/);
    }
  });

  it('is not shown inside a page of another site, nor its files read there', async () => {
    const { url } = await startNode();
    for (const path of ['/', '/dashboard/app.js']) {
      const headers = { ...BROWSER, 'Sec-Fetch-Site': 'cross-site' };
      expectError(await ask(url + path, { headers }), 403, /another site/);
    }
  });
});
