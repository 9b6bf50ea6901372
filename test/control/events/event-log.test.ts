import { describe, expect, it } from 'vitest';
import { EventLog, type Unwritten } from '../../../src/control/events/event-log.js';

const event = (name: string, bytes = 1): Unwritten => ({ name, bytes, data: () => '{}' });

describe('the events of late', () => {
  it('are counted from 1, and their ids are of this start of the node', () => {
    const log = new EventLog({ events: 10, bytes: 100 }, 1700000000000);
    expect(log.next).toBe(1);
    log.append(event('a'));
    expect(log.idOf(1)).toBe('1700000000000-1');
    expect(log.at(1)?.name).toBe('a');
    expect(log.at(2)).toBeUndefined();
  });

  it('are forgotten beyond a number, the oldest first', () => {
    const log = new EventLog({ events: 2, bytes: 100 }, 1);
    for (const name of ['a', 'b', 'c']) log.append(event(name));
    expect([1, 2, 3].map((number) => log.at(number)?.name)).toEqual([undefined, 'b', 'c']);
    expect(log.next).toBe(4);
  });

  it('are forgotten beyond a weight, however few, even the newest', () => {
    const log = new EventLog({ events: 100, bytes: 10 }, 1);
    log.append(event('a', 4));
    log.append(event('b', 4));
    log.append(event('c', 4));
    expect([1, 2, 3].map((number) => log.at(number)?.name)).toEqual([undefined, 'b', 'c']);
    log.append(event('huge', 11));
    expect(log.at(4)).toBeUndefined();
    log.append(event('d', 10));
    expect(log.at(5)?.name).toBe('d');
  });

  it.each([
    ['0', 3],
    ['7-0', 'too-old'],
    ['7-1', 'too-old'],
    ['7-2', 3],
    ['7-3', 4],
    ['7-4', 5],
    ['7-5', 'unknown-id'],
    ['6-3', 'restarted'],
    ['8-3', 'restarted'],
    ['', 'unknown-id'],
    ['7', 'unknown-id'],
    ['7-3-1', 'unknown-id'],
    ['7--3', 'unknown-id'],
    ['-1-3', 'unknown-id'],
    ['9'.repeat(400), 'unknown-id'],
  ])('after the id %j go on at %s', (id, position) => {
    const log = new EventLog({ events: 2, bytes: 100 }, 7);
    for (let i = 0; i < 4; i++) log.append(event('a'));
    expect(log.after(id)).toBe(position);
  });
});
