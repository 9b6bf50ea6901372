/** A token in the page's address, as `/#token=…`: taken out of sight at once, to be exchanged for a cookie. */

/** @returns undefined where there is none */
export function takeTokenFromAddress(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return undefined;
  history.replaceState(null, '', location.pathname + location.search);
  return token;
}
