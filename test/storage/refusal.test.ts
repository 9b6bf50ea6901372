import { expect, it } from 'vitest';
import { refusalIn } from '../../src/storage/refusal.js';

it.each([
  ['IO error: /data/chain/LOCK: Too many open files', 'too-many-files'],
  ['IO error: /data/chain/000005.ldb: Too many open files in system', 'too-many-files'],
  ['IO error: /data/chain/000005.ldb: No file descriptors available', 'too-many-files'],
  ["EMFILE: too many open files, open '/data/chain/CURRENT'", 'too-many-files'],
  ["ENFILE: file table overflow, open '/data/chain/CURRENT'", 'too-many-files'],
  ['IO error: /data/chain/000005.ldb: Cannot allocate memory', 'no-memory'],
  ["ENOMEM: not enough memory, open '/data/chain/CURRENT'", 'no-memory'],
  ['IO error: /data/chain/LOCK: Permission denied', 'not-allowed'],
  ["EPERM: operation not permitted, open '/data/chain/CURRENT'", 'not-allowed'],
  ['IO error: /data/chain/LOCK: Read-only file system', 'not-allowed'],
  ['IO error: /data/chain/000007.log: No space left on device', 'no-room'],
  ['IO error: /data/chain/000007.log: Disk quota exceeded', 'no-room'],
  ['Corruption: CURRENT file does not end with newline', undefined],
  ['IO error: /data/chain/000005.ldb: Input/output error', undefined],
])('what the system refuses is told from damage: %s', (reason, refusal) => {
  expect(refusalIn(reason)).toBe(refusal);
});
