/** To a block by its number. */
import { usePage } from './context.js';

/** So few blocks are found without being looked for. */
const IN_SIGHT = 8;

export interface GoToProps {
  /** The row begins after this index. */
  readonly base: number;
  readonly length: number;
  go(index: number): void;
}

export function GoTo({ base, length, go }: GoToProps) {
  const { words } = usePage();
  if (length - base <= IN_SIGHT) return null;
  return (
    <form
      class="go-to"
      onSubmit={(event) => {
        event.preventDefault();
        const index = Number(new FormData(event.currentTarget).get('index'));
        if (Number.isSafeInteger(index) && index > base && index <= length) go(index);
      }}
    >
      <label>
        {words.goTo}{' '}
        <input name="index" type="number" min={base + 1} max={length} inputMode="numeric" required />
      </label>
      <button type="submit">{words.go}</button>
    </form>
  );
}
