/** Whoever looks at the page, as far as its browser can tell: in a hidden tab nobody does. */

/** Who looks elsewhere for less than this, in ms, has not gone. */
const GONE_MS = 5_000;

export interface Onlooker {
  gone(): void;
  back(): void;
}

/** A page may be opened hidden, and never looked at. */
export function watchOnlooker({ gone, back }: Onlooker): void {
  let going = 0;
  const look = () => {
    window.clearTimeout(going);
    if (document.hidden) going = window.setTimeout(gone, GONE_MS);
    else back();
  };
  document.addEventListener('visibilitychange', look);
  look();
}
