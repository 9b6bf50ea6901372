/** Under which names a node answers. */
import { describe, expect, it } from 'vitest';
import { isHost, OwnHosts } from '../../src/control/safety/hosts.js';

describe('the names that a node answers to', () => {
  it('are the same in capitals and small letters, as a machine and a browser write them', () => {
    const hosts = new OwnHosts(5000, 'DESKTOP-AB12', ['Node.Example.org']);
    for (const host of ['desktop-ab12:5000', 'Desktop-AB12', 'LOCALHOST:5000', 'node.example.ORG:8080'])
      expect(hosts.originsOf(host, undefined)).toContain(`http://${host.toLowerCase()}`);
    expect(() => hosts.originsOf('evil.example:5000', undefined)).toThrow(/does not answer to the name/);
  });

  it.each([
    ['[fe80::1]:5000', 'fe80::1%eth0'],
    ['[fe80::1%eth0]:5000', 'fe80::1%eth0'],
    ['[fe80::1%25en0]', 'fe80::1%eth0'],
  ])(
    'are the link-local address that a request came to, over whichever interface: %s',
    (host, localAddress) => {
      const hosts = new OwnHosts(5000, '::', []);
      expect(hosts.originsOf(host, localAddress)).toHaveLength(1);
      for (const other of [
        '[fe80::2]:5000',
        'fe80::1%eth0',
        '[evil.example%eth0]',
        '[fe80::1%eth0].evil.example',
      ])
        expect(() => hosts.originsOf(other, localAddress)).toThrow(/does not answer to the name/);
    },
  );

  it.each([
    'node.example',
    'NODE',
    'node.example:8080',
    '192.168.1.20',
    'fd00::1',
    '[fd00::1]:8080',
    'xn--bcher-kva.example',
  ])('may be another: %s', (host) => {
    expect(isHost(host)).toBe(true);
    expect(
      new OwnHosts(5000, '127.0.0.1', [host]).originsOf(host === 'fd00::1' ? '[fd00::1]' : host, undefined),
    ).toHaveLength(2);
  });

  it('may be an IPv6 address in any of the ways to write it', () => {
    const answers = (allowed: string, asked: string) =>
      new OwnHosts(5000, '127.0.0.1', [allowed]).originsOf(asked, undefined);
    for (const allowed of ['FD00:0:0:0:0:0:0:1', '[fd00::0001]', '[fd00:0::1]:8080'])
      for (const asked of ['[fd00::1]:8080', '[FD00:0:0:0:0:0:0:1]:8080'])
        expect(answers(allowed, asked), `${allowed} ${asked}`).toHaveLength(2);
    // As curl sends it, which leaves the dots, and as a browser does.
    for (const asked of ['[::ffff:10.0.0.1]:5000', '[::ffff:a00:1]:5000'])
      expect(answers('::ffff:10.0.0.1', asked), asked).toHaveLength(2);
  });

  it.each([
    '',
    'http://foo:80/',
    'foo/',
    'a b',
    '*',
    '*.example',
    'fe80::1%eth0',
    'me@foo',
    'foo:',
    'bücher.example',
  ])('are none that no client can send: %s', (host) => {
    expect(isHost(host)).toBe(false);
  });
});
