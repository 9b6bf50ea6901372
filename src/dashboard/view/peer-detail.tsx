/** One peer, and the last of what it sent us. */
import { numeric } from '../model/block.js';
import { usePage } from './context.js';
import { dateAndTime } from './format.js';
import { nameOf } from './names.js';
import { CopyButton } from './parts.js';

export function PeerDetail({ peerId }: { peerId: string }) {
  const page = usePage();
  const { dashboard, words } = page;
  const peer = dashboard.peers.find(({ peer_id }) => peer_id === peerId);
  return (
    <article class="detail">
      <h2 id="drawer-title">{nameOf(page, peerId)}</h2>
      <dl class="fields">
        <div>
          <dt>{words.peerId}</dt>
          <dd>
            <code class="whole">{peerId}</code> <CopyButton text={peerId} what={words.peerId} />
          </dd>
        </div>
        {peer && (
          <>
            <div>
              <dt>{words.itsLength}</dt>
              <dd>{peer.length === null ? '–' : words.blocks(peer.length)}</dd>
            </div>
            <div>
              <dt>{words.rtt}</dt>
              <dd>
                {peer.rtt_ms === null ? '–' : words.afterMs(Math.round(numeric(peer.rtt_ms) * 10) / 10)}
              </dd>
            </div>
            <div>
              <dt>{words.connectedSince}</dt>
              <dd>
                {dateAndTime(Date.parse(peer.connected_at), words)} · {words.dialled[peer.direction]}
              </dd>
            </div>
            <div>
              <dt>{words.addresses}</dt>
              {peer.addresses.map((address) => (
                <dd key={address}>
                  <code class="whole">{address}</code> <CopyButton text={address} what={words.addresses} />
                </dd>
              ))}
            </div>
          </>
        )}
      </dl>
    </article>
  );
}
