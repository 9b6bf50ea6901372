import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Float } from '../../src/chain/index.js';
import { ControlClient } from '../../src/cli/client.js';

const PAYMENT = { sender: 'alice', recipient: 'bob', amount: new Float(5) };

/** A client of a control API that answers as it is told. */
async function clientOf(handler: RequestListener, secret?: string): Promise<ControlClient> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const token = secret === undefined ? undefined : { token: secret, where: 'the-file' };
  return new ControlClient(new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), token);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

describe('the client of the control API', () => {
  it('reads numbers as they are written, and keeps the text', async () => {
    const text = '[{"id": "x", "transaction": {"amount": 5.0, "recipient": "b", "sender": "a"}}]';
    const client = await clientOf((_request, response) => response.end(text));
    const answer = await client.pending();
    expect(answer.text).toBe(text);
    expect(answer.value[0]?.transaction.amount).toEqual(new Float(5));
  });

  it('sends a transaction as it is written, with the token as a bearer', async () => {
    const seen: unknown[] = [];
    const client = await clientOf(async ({ method, url, headers }, response) => {
      seen.push(method, url, headers['content-type'], headers.authorization);
      response.writeHead(201).end('{"id": "x", "message": "y"}');
    }, 'secret');
    await client.sendTransaction(PAYMENT);
    expect(seen).toEqual(['POST', '/transactions/new', 'application/json', 'Bearer secret']);
  });

  it('sends the body whole', async () => {
    let body = '';
    const client = await clientOf(async (request, response) => {
      body = await bodyOf(request);
      response.writeHead(201).end('{"id": "x", "message": "y"}');
    });
    await client.sendTransaction({ ...PAYMENT, sender: 'Jörg😀' });
    expect(body).toBe('{"amount": 5.0, "recipient": "bob", "sender": "J\\u00f6rg\\ud83d\\ude00"}');
  });

  it('tells what the node says of a mistake, and what is missing where it asks for a token', async () => {
    let status = 400;
    const client = await clientOf((_request, response) =>
      response
        .writeHead(status)
        .end('{"statusCode": 400, "error": "Bad Request", "message": "Missing values"}'),
    );
    await expect(client.sendTransaction(PAYMENT)).rejects.toMatchObject({
      code: 'refused',
      message: 'Missing values',
    });
    status = 401;
    await expect(client.status()).rejects.toThrow(
      /asks for its token: give its token by --token-file, --token or GOSSIPCHAIN_TOKEN$/,
    );
  });

  it('says which token is not the one of the node', async () => {
    const client = await clientOf((_request, response) => {
      response.writeHead(401).end('{"message": "this is not the token of this node"}');
    }, 'secret');
    await expect(client.status()).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringMatching(
        /^the token from the-file is not that of the node at http:\S+: give its token by --token-file, /,
      ),
    });
  });

  it('takes what does not answer in JSON for no node', async () => {
    const client = await clientOf((_request, response) => response.writeHead(404).end('<html>'));
    await expect(client.status()).rejects.toThrow('is not a gossipchain node: it answers with status 404');
  });

  it('says that nobody answers, or that the answer breaks off', async () => {
    const nobody = new ControlClient(new URL('http://127.0.0.1:1/'));
    await expect(nobody.status()).rejects.toMatchObject({ code: 'no-node' });
    const broken = await clientOf((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{');
      response.destroy();
    });
    await expect(broken.status()).rejects.toMatchObject({ code: 'no-node' });
  });

  it('says in words that https is not spoken there', async () => {
    const { base } = await clientOf((_request, response) => response.end('{}'));
    const secure = new ControlClient(new URL(base.href.replace('http', 'https')));
    await expect(secure.status()).rejects.toMatchObject({
      code: 'no-node',
      message: `https://${base.host}/ does not speak https: try ${base}`,
    });
  });

  it('gives up on what should answer at once', async () => {
    const client = await clientOf(() => {});
    await expect(client.health(50)).rejects.toThrow('has not answered for 0.05 s');
  });

  it('waits for a proof as long as it takes, and for a status no longer than it should', async () => {
    const answers = new Map<string | undefined, ServerResponse>();
    const client = await clientOf(({ url }, response) => void answers.set(url, response));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const [mined, status] = [client.mine(), client.status()];
    status.catch(() => {}); // looked at below
    await vi.waitUntil(() => answers.size === 2);
    vi.advanceTimersByTime(86_400_000);
    answers.get('/mine')?.end('{"index": 2}');
    expect((await mined).value.index).toBe(2);
    await expect(status).rejects.toThrow('has not answered for 10 s');
  });

  it('gives up on an answer that does not go on', async () => {
    const client = await clientOf((_request, response) => response.write('{'));
    await expect(client.health(50)).rejects.toMatchObject({
      code: 'no-node',
      message: expect.stringContaining('has not answered for 0.05 s'),
    });
    await expect(client.events(undefined, 50).then(textOf)).rejects.toThrow('has not answered for 0.05 s');
  });

  it('does not take its own reader for a node that is silent', async () => {
    const long = 'x'.repeat(16 << 20);
    const client = await clientOf((_request, response) => response.end(long));
    let read = 0;
    for await (const chunk of await client.events(undefined, 1_000)) {
      if (read === 0) await delay(2_500);
      read += chunk.length;
    }
    expect(read).toBe(long.length);
  });

  it('says what to do where the node has waited for the reader too long', async () => {
    let cutOff = () => {};
    const client = await clientOf((_request, response) => {
      response.write('a');
      cutOff = () => response.destroy();
    });
    onTestFinished(() => void vi.restoreAllMocks());
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    const chunks = (await client.resolve())[Symbol.asyncIterator]();
    await chunks.next();
    now.mockReturnValue(60_000);
    cutOff();
    await expect(chunks.next()).rejects.toMatchObject({
      code: 'no-node',
      message: expect.stringMatching(
        /broke off, having waited 60 s for its reader: write the answer to a file/,
      ),
    });
  });

  it('asks over a connection that nobody has used before', async () => {
    const asked: (string | undefined)[] = [];
    const client = await clientOf(({ headers }, response) => {
      asked.push(headers.connection);
      response.end('[]');
    });
    await client.peers();
    await client.peers();
    expect(asked).toEqual(['close', 'close']);
  });
});
