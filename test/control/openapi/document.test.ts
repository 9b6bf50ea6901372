import { Validator } from '@seriousme/openapi-schema-validator';
import { beforeAll, describe, expect, it } from 'vitest';
import { CALLS } from '../../../src/control/schemas/calls.js';
import { VERSION } from '../../../src/version.js';
import { ask, startNode } from '../support.js';
import { Contract } from './support.js';

describe('the OpenAPI document', () => {
  let url: string;
  let contract: Contract;

  beforeAll(async () => {
    ({ url } = await startNode());
    contract = await Contract.of(url);
  });

  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    expect(await validator.validate(JSON.parse(JSON.stringify(contract.document)))).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
    expect(contract.document).toMatchObject({ openapi: '3.1.0', info: { version: VERSION } });
  });

  it('has every call that there is, the tutorial’s first, and each that a client is typed by', async () => {
    const served = await startNode();
    const calls = (await ask(served.url)).json.calls as string[];
    const documented = [...contract.operations.keys()];
    const named = documented.map((call) => call.replace(/\{(\w+)\}/g, ':$1'));
    expect([...named].sort()).toEqual(['GET /', ...calls].sort());
    expect(documented.slice(0, 3)).toEqual(['GET /mine', 'POST /mine', 'POST /transactions/new']);
    for (const call of Object.keys(CALLS)) expect(named).toContain(call);
  });

  it('puts each call into one of the groups that it names', () => {
    const groups = contract.document.tags.map(({ name }) => name);
    for (const [call, { tags }] of contract.operations) {
      expect(tags, call).toHaveLength(1);
      expect(groups, call).toContain(tags[0]);
    }
    for (const group of groups)
      expect([...contract.operations.values()].some(({ tags }) => tags[0] === group)).toBe(true);
  });

  it('gives each call a summary and an id of its own, and every reference leads somewhere', () => {
    const operations = [...contract.operations.values()];
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { summary } of operations) expect(summary).toMatch(/^[A-Z]/);
    const text = JSON.stringify(contract.document);
    for (const [, name] of text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g))
      expect(contract.document.components.schemas).toHaveProperty(name as string);
    expect(text).not.toMatch(/"\$ref":"(?!#\/components\/schemas\/)/);
  });

  it('has examples that are what they are examples of', () => {
    let examples = 0;
    const check = (what: string, schema: object, example: unknown) => {
      examples++;
      expect(contract.wrongWithValue(schema, example), what).toEqual([]);
    };
    for (const [call, { parameters, requestBody, responses }] of contract.operations) {
      for (const { name, schema, example } of parameters) check(`${call} ${name}`, schema, example);
      const contents = [requestBody, ...Object.values(responses)].flatMap((one) =>
        Object.values(one?.content ?? {}),
      );
      for (const { schema, example } of contents) if (example !== undefined) check(call, schema, example);
    }
    for (const [name, schema] of Object.entries(contract.document.components.schemas))
      for (const example of (schema as { examples?: unknown[] }).examples ?? []) check(name, schema, example);
    expect(examples).toBeGreaterThan(20);
  });

  it('is answered without the token, and so is the page that shows it', async () => {
    const secret = await startNode({ token: 'secret' });
    const document = await ask(`${secret.url}/openapi.json`);
    expect(document.status).toBe(200);
    expect(document.text).not.toContain('secret');
    expect((await ask(`${secret.url}/docs`)).status).toBe(200);
  });
});

describe('the page to try it', () => {
  it('runs its own files only, under a policy that allows nothing else', async () => {
    const { url } = await startNode();
    const page = await ask(`${url}/docs`);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    const policy = String(page.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|https?:/);
    const files = [...page.text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path as string);
    expect(files).toEqual(['/docs/swagger-ui.css', '/docs/swagger-ui.js', '/docs/docs.js']);
    for (const path of files) expect((await ask(`${url}${path}`)).status, path).toBe(200);
    expect(page.text).not.toMatch(/<script>|style=|https?:\/\//);
  });
});
