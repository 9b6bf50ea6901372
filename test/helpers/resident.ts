/** The memory of a process. */
import { readFile } from 'node:fs/promises';

/** @returns the bytes that are resident */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}
