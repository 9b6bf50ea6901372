/** Text of somebody else's in quotes, fit to be said back: in one line, and not for as long as they like. */
export function quote(text: string, limit = 80): string {
  let shown = text.slice(0, limit);
  // What has to be escaped takes up to six characters.
  while (JSON.stringify(shown).length > 2 * limit) shown = shown.slice(0, shown.length >> 1);
  return JSON.stringify(shown === text ? text : `${shown}…`);
}
