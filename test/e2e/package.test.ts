/** The package as its users get it: packed, installed into an empty folder. */
import { execFile, spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join, posix, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { VERSION } from '../../src/version.js';
import { scratch } from './running-node.js';

const exec = promisify(execFile);
const WINDOWS = process.platform === 'win32';
const installed = process.env.GOSSIPCHAIN_TEST_INSTALLED ?? '';

const PROGRAM = `
import { createNode, createNetwork, type BlockEvent } from 'gossipchain';

const node = createNode({ mdns: false, listen: ['/ip4/127.0.0.1/tcp/0'], network: createNetwork({ difficulty: 1 }) });
node.on('block', ({ block, source }: BlockEvent) => console.log(source, block.index));
await node.start();
const { hash }: { hash: string } = await node.mine();
console.log(hash === node.status().head.hash);
await node[Symbol.asyncDispose]();
`;

it('names one version everywhere', async () => {
  expect(JSON.parse(await readFile('package.json', 'utf8')).version).toBe(VERSION);
});

it('has all that its README and the texts beside it point to', async () => {
  const { stdout } = await exec('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    shell: WINDOWS,
  });
  const packed: string[] = JSON.parse(stdout)[0].files.map(({ path }: { path: string }) => path);
  const texts = packed.filter((path) => /^(?!dist).*\.md$/.test(path));
  expect(texts).toEqual(expect.arrayContaining(['README.md', 'SECURITY.md', 'examples/README.md']));
  const pointers = await Promise.all(
    texts.map(async (text) => {
      const content = await readFile(text, 'utf8');
      const links = [...content.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, to]) =>
        posix.join(text, '..', to as string),
      );
      const sources = [...content.matchAll(/`(src\/[^`*]+\.\w+)`/g)].map(([, to]) => to as string);
      return [...links, ...sources];
    }),
  );
  expect(new Set(pointers.flat()).size).toBeGreaterThan(10);
  expect(pointers.flat().filter((to) => !packed.includes(to))).toEqual([]);
});

describe.skipIf(installed === '')('the package, installed into an empty folder', () => {
  it('gives a command that runs a node, and ends it with Ctrl-C', async () => {
    const home = scratch();
    const args = ['gossipchain', 'start', '--ephemeral', '--no-mdns', '--port', '0'];
    const child = spawn('npx', args, { cwd: installed, env: { ...process.env, HOME: home }, detached: true });
    onTestFinished(() => {
      if (child.exitCode === null && child.signalCode === null)
        process.kill(-(child.pid as number), 'SIGKILL');
    });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    const address = () => /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
    await expect.poll(address, { timeout: 30_000 }).toBeDefined();
    const health = await fetch(`${address()}/health`);
    expect(await health.json()).toMatchObject({ status: 'ok' });
    const ended = new Promise((done) => child.on('close', done));
    // As Ctrl-C at a terminal does it: to the whole group. What npx makes of its own end is npm's business.
    process.kill(-(child.pid as number), 'SIGINT');
    await ended;
    expect(output).toContain('stopping');
    await expect(fetch(`${address()}/health`)).rejects.toThrow();
  });

  it('gives a library with types', async () => {
    expect(await compileAndRun('program', PROGRAM)).toBe('own 2\ntrue\n');
  });

  it('runs the program that the README shows', async () => {
    const [, program] = /```ts\n(.*?)```/s.exec(await readFile('README.md', 'utf8')) ?? [];
    expect(await compileAndRun('readme', program as string)).toMatch(/^2 [0-9a-f]{64} mined here\n$/);
  });
});

/** As a user's own TypeScript program, beside the installed package. */
async function compileAndRun(name: string, source: string): Promise<string> {
  await writeFile(join(installed, `${name}.ts`), source);
  const options = ['--module', 'nodenext', '--target', 'es2022', '--lib', 'es2023,esnext.disposable,dom'];
  const types = ['--typeRoots', resolve('node_modules/@types'), '--types', 'node'];
  await exec(
    process.execPath,
    [
      resolve('node_modules/typescript/bin/tsc'),
      ...options,
      '--strict',
      '--skipLibCheck',
      ...types,
      `${name}.ts`,
    ],
    { cwd: installed },
  );
  return (await exec(process.execPath, [`${name}.js`], { cwd: installed })).stdout;
}
