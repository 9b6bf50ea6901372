import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ControlClient } from '../../../src/cli/client.js';
import { examine, storageMeant } from '../../../src/cli/doctor/examine.js';
import { CliError } from '../../../src/cli/errors.js';
import { durableStore } from '../../../src/storage/index.js';
import { testNetwork } from '../../helpers/chains.js';
import { aloneNode, facts } from '../../helpers/facts.js';
import { scratch } from '../support.js';

describe('the doctor', () => {
  it('does not take a node that hangs, or what is no node, for none: it says what it is', async () => {
    const silent = new CliError('no-node', 'http://127.0.0.1:5000/ has not answered for 10 s');
    const client = { base: new URL('http://127.0.0.1:5000/'), diagnosis: () => Promise.reject(silent) };
    await expect(examine(client as unknown as ControlClient, {})).rejects.toBe(silent);
  });

  it('looks at the data directory that was named, be it not that of the node that runs', async () => {
    const directory = join(scratch(), 'data');
    const store = durableStore(join(directory, 'chain'), testNetwork({ name: 'other' }));
    await store.open();
    await store.close();
    const known = facts({ self: aloneNode() });
    expect(await storageMeant(known, {})).toBe(known.storage);
    expect(await storageMeant(known, { dataDir: '/data' })).toBe(known.storage);
    const other = { directory, trouble: 'other-network' };
    expect(await storageMeant(known, { dataDir: directory })).toMatchObject(other);
    const said = { network: 'other', difficulty: 0 };
    expect(await storageMeant(known, { dataDir: directory, ...said, difficulty: 2 })).toMatchObject(other);
    expect(await storageMeant(known, { dataDir: directory, ...said })).not.toHaveProperty('trouble');
  });
});
