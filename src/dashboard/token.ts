/** A token in the page's address, as `/#token=…`: taken out of sight at once, to be exchanged for a cookie. */

/** @returns undefined where there is none */
export function takeTokenFromAddress(): string | undefined {
  const token = tokenIn(location.hash);
  if (token === undefined) return undefined;
  history.replaceState(null, '', location.pathname + location.search);
  return token;
}

/** Exported for its test. */
export function tokenIn(fragment: string): string | undefined {
  // A plus is a plus here, as tokens may have it: in a form it would stand for a blank.
  return new URLSearchParams(fragment.slice(1).replaceAll('+', '%2B')).get('token') ?? undefined;
}
