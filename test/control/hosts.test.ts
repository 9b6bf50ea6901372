/** Under which names a node answers. */
import { describe, expect, it } from 'vitest';
import { OwnHosts } from '../../src/control/safety/hosts.js';

describe('the names that a node answers to', () => {
  it('are the same in capitals and small letters, as a machine and a browser write them', () => {
    const hosts = new OwnHosts(5000, 'DESKTOP-AB12', ['Node.Example.org']);
    for (const host of ['desktop-ab12:5000', 'Desktop-AB12', 'LOCALHOST:5000', 'node.example.ORG:8080'])
      expect(hosts.originsOf(host, undefined)).toContain(`http://${host.toLowerCase()}`);
    expect(() => hosts.originsOf('evil.example:5000', undefined)).toThrow(/does not answer to the name/);
  });
});
