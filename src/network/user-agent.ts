import { MAX_NICKNAME_CODE_POINTS } from './constants.js';

/** A peer's name as it comes from its user agent: at most 64 code points, nothing that moves a cursor. */
const PATTERN = /^gossipchain\/\S+ \((.*)\)$/su;

/** Control characters, and those that turn the direction of writing or do not show at all. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Makes a name fit to be shown: invisible characters stripped, ends trimmed, at most 64 code points. */
export function cleanNickname(name: string): string {
  return [...name.replace(INVISIBLE, '').trim()].slice(0, MAX_NICKNAME_CODE_POINTS).join('').trim();
}

/** Whether a name is fit to be shown as it is, and is one at all: peers see another in its place. */
export function isNickname(name: string): boolean {
  return name !== '' && cleanNickname(name) === name;
}

/** What a node tells its peers of itself by identify: `gossipchain/<version> (<nickname>)`. */
export function userAgent(version: string, nickname: string): string {
  return `gossipchain/${version} (${cleanNickname(nickname)})`;
}

/** The nickname in a peer's user agent; empty when it has none or is another program. */
export function nicknameOf(agent: string | undefined): string {
  return cleanNickname(agent?.match(PATTERN)?.[1] ?? '');
}
