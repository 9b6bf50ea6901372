/** The memory of a process. */
import { readFile } from 'node:fs/promises';

/** In bytes. */
export interface Resident {
  readonly all: number;
  /** Of that, files that are mapped: the system may take their pages back. */
  readonly mapped: number;
}

/** @throws where the process has ended */
export async function residentOf(pid: number): Promise<Resident> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const bytes = (field: string) => {
    const [, kib] = new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status) ?? [];
    if (kib === undefined) throw new Error(`the process ${pid} has ended`);
    return Number(kib) * 1024;
  };
  return { all: bytes('VmRSS'), mapped: bytes('RssFile') };
}

/** @returns the bytes that are resident @throws where it has ended */
export async function residentBytes(pid: number): Promise<number> {
  return (await residentOf(pid)).all;
}
