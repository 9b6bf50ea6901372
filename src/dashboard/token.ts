/** A token in the page's address, as `/#token=…`: taken out of sight at once, and exchanged for a cookie. */
import { api } from './node/api.js';

/** Resolves when the page may ask the node; a wrong token is found out by the first call. */
export async function takeTokenFromAddress(): Promise<void> {
  const token = new URLSearchParams(location.hash.slice(1)).get('token');
  if (token === null) return;
  history.replaceState(null, '', location.pathname + location.search);
  // Where it is refused, or the node away, the page says so when it asks.
  await api.signIn(token).catch(() => {});
}
