import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { SILENT } from '../../src/log.js';
import { openDataDirectory } from '../../src/node/data-directory.js';
import { Directory } from '../../src/storage/index.js';
import { recordingLogger } from '../network/support.js';
import { NETWORK, scratch } from './support.js';

it.runIf(process.platform === 'linux')(
  'whom a node knows is kept where there is no room to open it: that is no damage',
  async () => {
    const directory = scratch();
    const peers = join(directory, 'peers');
    const open = () => openDataDirectory(directory, NETWORK, () => {}, SILENT);
    await (await open()).close();
    const before = await new Directory(peers).open();
    await before.put('peer', Buffer.from('known'));
    await before.close();
    // Whichever table is written next.
    const taken = new Set(readdirSync(peers));
    const tables = Array.from({ length: 20 }, (_, number) => `${String(number).padStart(6, '0')}.ldb`);
    for (const table of tables) if (!taken.has(table)) symlinkSync('/dev/full', join(peers, table));
    await expect(open()).rejects.toMatchObject({
      code: 'not-writable',
      message: expect.stringContaining('make room on its disk'),
    });

    await (await open()).close();
    const after = await new Directory(peers).open();
    expect(String(await after.get('peer'))).toBe('known');
    await after.close();
  },
);

it('whom a node knew is put aside where it is damaged, the last time only, and that is told', async () => {
  const directory = scratch();
  const log = recordingLogger();
  const current = join(directory, 'peers', 'CURRENT');
  const aside = join(directory, 'peers.damaged');
  const open = async () => (await openDataDirectory(directory, NETWORK, () => {}, log)).close();
  await open();
  for (const damage of ['first', 'second']) {
    writeFileSync(current, damage);
    await open();
    expect(readFileSync(join(aside, 'CURRENT'), 'utf8')).toBe(damage);
  }
  expect(readdirSync(directory).filter((name) => name.startsWith('peers'))).toEqual([
    'peers',
    'peers.damaged',
  ]);
  const told = {
    level: 'warn',
    action: 'peers-damaged',
    fields: { directory: join(directory, 'peers'), aside },
  };
  expect(log.said).toEqual([told, told]);
});

it('what another process is making there is not removed, in whatever state it was seen', async () => {
  const directory = join(scratch(), 'data');
  const opening = openDataDirectory(directory, NETWORK, () => {}, SILENT);
  mkdirSync(join(directory, 'chain'), { recursive: true });
  writeFileSync(join(directory, 'chain', '000003.log'), '');
  await expect(opening).rejects.toMatchObject({ code: 'damaged' });
  expect(readdirSync(join(directory, 'chain'))).toEqual(['000003.log']);
});
