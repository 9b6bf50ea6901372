/** Nodes with control APIs, and requests to them as any client may send them. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { networkInterfaces } from 'node:os';
import { Compile } from 'typebox/schema';
import { afterEach, expect } from 'vitest';
import { createNetwork, type NetworkSpec } from '../../src/chain/index.js';
import type { ControlledNode } from '../../src/control/controlled-node.js';
import {
  type Binding,
  bindControl,
  type Control,
  type Libp2pMetrics,
  serveControl,
} from '../../src/control/index.js';
import { type Logger, SILENT } from '../../src/log.js';
import { createNode, type Node, type NodeOptions } from '../../src/node/index.js';

/** Not every container has one. */
export const HAS_IPV6_LOOPBACK = Object.values(networkInterfaces())
  .flatMap((interfaces) => interfaces ?? [])
  .some(({ address }) => address === '::1');

/** A network whose blocks are found at once. */
export const EASY: NetworkSpec = createNetwork({ difficulty: 1, name: 'test' });
/** One whose blocks are not found while a test runs. */
export const HARD: NetworkSpec = createNetwork({ difficulty: 14, name: 'test' });

const cleanUps: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Ends something when the test has ended, the newest first. */
export function later(cleanUp: () => Promise<unknown>): void {
  cleanUps.push(cleanUp);
}

export interface Served {
  readonly url: string;
  readonly binding: Binding;
  readonly control: Control;
}

export interface ServeOptions {
  host?: string;
  port?: number;
  allowHosts?: string[];
  token?: string;
  libp2p?: Libp2pMetrics;
  log?: Logger;
}

/** The control API of any node, on a port that is free. */
export async function serve(node: ControlledNode, options: ServeOptions = {}): Promise<Served> {
  const { host, port = 0, allowHosts = [], token, libp2p, log = SILENT } = options;
  const binding = await bindControl({ host, port, exact: true });
  later(() => binding.close());
  const control = await serveControl(node, binding, { allowHosts, token, libp2p, log });
  later(() => control.stop());
  return { url: binding.urls[0] as string, binding, control };
}

/** A node that runs, with nothing on disk, and its control API. */
export async function startNode(
  options: ServeOptions & { node?: NodeOptions } = {},
): Promise<Served & { node: Node }> {
  const node = createNode({
    mdns: false,
    listen: ['/ip4/127.0.0.1/tcp/0'],
    network: EASY,
    threads: 1,
    name: 'test-node',
    ...options.node,
  });
  later(() => node.stop());
  await node.start();
  return { node, ...(await serve(node, options)) };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came
  readonly json: any;
}

export interface RequestInit {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer | undefined;
  /** Sends no Host header of its own. */
  withoutHost?: boolean;
}

/** One request on a connection of its own, with any header at all. */
export function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const { method = 'GET', headers = {}, body, withoutHost = false } = init;
  return new Promise((resolve, reject) => {
    const request = httpRequest(url, { method, headers, agent: false, setHost: !withoutHost }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = text !== '' && response.headers['content-type']?.startsWith('application/json');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: isJson ? JSON.parse(text) : undefined,
        });
      });
    });
    request.on('error', reject);
    request.end(body);
  });
}

export const JSON_HEADERS = { 'Content-Type': 'application/json' };

/** Posts a body as JSON: text as it is, all else stringified. */
export function post(url: string, body: unknown): Promise<Answer> {
  return ask(url, {
    method: 'POST',
    headers: JSON_HEADERS,
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** Holds a value to a schema. */
export function expectToMatch(value: unknown, schema: object): void {
  expect(Compile(schema).Errors(value)[1] ?? []).toEqual([]);
}

/** Holds an answer to the form of every error. */
export function expectError(answer: Answer, status: number, message: string | RegExp): void {
  expect(answer.status, answer.text).toBe(status);
  expect(Object.keys(answer.json).sort()).toEqual(['error', 'message', 'statusCode']);
  expect(answer.json.statusCode).toBe(status);
  if (typeof message === 'string') expect(answer.json.message).toBe(message);
  else expect(answer.json.message).toMatch(message);
  expect(answer.text).not.toMatch(/\.[jt]s:\d+|node_modules|\\n/);
}

/** A part of a node: what a test does not give must not be used. */
export function fakeNode(parts: Partial<ControlledNode>): ControlledNode {
  const silent = () => {};
  return { on: silent, off: silent, networkId: '0'.repeat(16), ...parts } as unknown as ControlledNode;
}
