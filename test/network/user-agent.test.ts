import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanNickname, isNickname, nicknameOf, userAgent } from '../../src/network/user-agent.js';

describe('a user agent', () => {
  it('carries the program, its version and the nickname', () => {
    expect(userAgent('1.2.3', 'anna')).toBe('gossipchain/1.2.3 (anna)');
  });

  it.each([
    ['gossipchain/1.2.3 (anna)', 'anna'],
    ['gossipchain/1.2.3 (a (b) c)', 'a (b) c'],
    ['gossipchain/1.2.3 ()', ''],
    ['js-libp2p/3.0.0 node/20', ''],
    ['gossipchain/1 (\u001b[31mred\u202e)', '[31mred'],
    [undefined, ''],
  ])('%j gives the name %j', (agent, name) => {
    expect(nicknameOf(agent)).toBe(name);
  });

  it('gives back whatever name is fit to be shown, at most 64 code points of it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
        const clean = cleanNickname(name);
        expect([...clean].length).toBeLessThanOrEqual(64);
        expect(clean).not.toMatch(/\p{Cc}/u);
        expect(nicknameOf(userAgent('1.0.0', name))).toBe(clean);
        expect(isNickname(name)).toBe(name !== '' && clean === name);
      }),
    );
  });
});
