/** A row of many, of which only those in sight are there. */
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

export interface Row {
  readonly count: number;
  /** Of one, in px. */
  readonly size: number;
  readonly scroller: RefObject<HTMLElement | null>;
}

/** Beyond each edge of what is seen, so many are there as well. */
const OVERSCAN = 3;

export function useRow({ count, size, scroller }: Row): Virtualizer<HTMLElement, HTMLElement> {
  const [, render] = useReducer<number, void>((times) => times + 1, 0);
  const options = {
    count,
    horizontal: true,
    overscan: OVERSCAN,
    getScrollElement: () => scroller.current,
    estimateSize: () => size,
    observeElementOffset,
    observeElementRect,
    scrollToFn: elementScroll,
    onChange: () => render(),
  } satisfies ConstructorParameters<typeof Virtualizer<HTMLElement, HTMLElement>>[0];
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(options));
  virtualizer.setOptions(options);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  return virtualizer;
}
