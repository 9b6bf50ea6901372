import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { SILENT } from '../../src/log.js';
import { AutoMiner } from '../../src/node/auto-miner.js';

describe('mining by itself', () => {
  it('leaves nothing behind after a search, however long it goes on at one pace', async () => {
    const heard: number[] = [];
    let miner: AutoMiner | undefined;
    await new Promise<void>((resolve) => {
      const forge = async (signal: AbortSignal) => {
        heard.push(getEventListeners(signal, 'abort').length);
        if (heard.length === 30) resolve();
      };
      miner = new AutoMiner(forge, SILENT, () => 0); // without waiting
      miner.setPace(1);
    });
    miner?.stop();
    expect(Math.max(...heard)).toBe(0);
  });

  it('does not begin a search that it was waiting for when the pace changes', async () => {
    let searches = 0;
    const miner = new AutoMiner(
      async () => void searches++,
      SILENT,
      () => 0,
    );
    miner.setPace(1);
    miner.stop();
    await new Promise((resolve) => setTimeout(resolve));
    expect(searches).toBe(0);
  });
});
