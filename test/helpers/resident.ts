/** The memory of a process. */
import { readFile } from 'node:fs/promises';

/** @returns the bytes that are resident @throws where it has ended */
export async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const [, kib] = /VmRSS:\s+(\d+) kB/.exec(status) ?? [];
  if (kib === undefined) throw new Error(`the process ${pid} has ended`);
  return Number(kib) * 1024;
}
