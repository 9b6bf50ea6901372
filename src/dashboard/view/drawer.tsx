/** What the reader looks at closely, in a dialog beside the page. */
import { useEffect, useRef } from 'preact/hooks';
import { BlockDetail } from './block-detail.js';
import { type Subject, usePage } from './context.js';
import { PeerDetail } from './peer-detail.js';
import { TransactionLife } from './transaction-life.js';

export function Drawer() {
  const { subject, look, words } = usePage();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (subject !== undefined && !dialog.current?.open) dialog.current?.showModal();
    if (subject === undefined && dialog.current?.open) dialog.current.close();
  }, [subject]);
  useEffect(() => {
    dialog.current?.scrollTo(0, 0);
    // The button that led here is gone with what it stood in.
    if (subject !== undefined && !dialog.current?.contains(document.activeElement))
      dialog.current?.querySelector<HTMLElement>('.close')?.focus();
  }, [subject]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a dialog is closed by Escape anyway
    <dialog
      ref={dialog}
      class="drawer"
      aria-labelledby="drawer-title"
      onClose={() => look(undefined)}
      onClick={(event) => {
        if (event.target === dialog.current) dialog.current?.close();
      }}
    >
      {subject && (
        <div class="drawer-body">
          <button
            type="button"
            class="close"
            aria-label={words.close}
            onClick={() => dialog.current?.close()}
          >
            ✕
          </button>
          <Detail subject={subject} />
        </div>
      )}
    </dialog>
  );
}

function Detail({ subject }: { subject: Subject }) {
  switch (subject.kind) {
    case 'block':
      return <BlockDetail key={subject.block.hash} block={subject.block} beside={subject.beside} />;
    case 'transaction':
      return <TransactionLife key={subject.id} id={subject.id} />;
    case 'peer':
      return <PeerDetail peerId={subject.peerId} />;
  }
}
