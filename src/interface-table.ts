import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';

export type InterfaceTable = NodeJS.Dict<NetworkInterfaceInfo[]>;

/**
 * This machine's network interfaces, as they are now.
 *
 * @returns undefined where the system does not tell: Android and some sandboxes never do, and a process that may open no more
 *   files does not learn of them
 */
export function interfaceTable(): InterfaceTable | undefined {
  try {
    return networkInterfaces();
  } catch {
    return undefined; // for whatever reason
  }
}
