/** The peers as a graph, and who sent us what, and after how many ms. */
import { useMemo } from 'preact/hooks';
import type { Arrival } from '../model/arrivals.js';
import { numeric } from '../model/block.js';
import type { Peer } from '../node/answers.js';
import { type Page, usePage } from './context.js';
import { clock } from './format.js';
import { nameOf } from './names.js';
import { Panel } from './parts.js';
import { HEIGHT, type Place, placePeers, WIDTH } from './peers-layout.js';

const ARRIVALS_SHOWN = 8;

export function PeersPanel() {
  const { dashboard, words } = usePage();
  const { peers, status } = dashboard;
  return (
    <Panel title={`${words.peers} (${peers.length})`} explain="peers" class="peers">
      {status && peers.length > 0 ? (
        <Graph self={status.peer_id} peers={peers} />
      ) : (
        <p class="nothing">{words.noPeers}</p>
      )}
      <Arrivals />
    </Panel>
  );
}

function Graph({ self, peers }: { self: string; peers: readonly Peer[] }) {
  const page = usePage();
  const { dashboard, words } = page;
  const ids = peers.map(({ peer_id }) => peer_id).sort();
  const places = useMemo(() => placePeers(self, ids), [self, ids.join()]);
  const latest = dashboard.arrivals.latestByPeer();
  const [centre, ...others] = places as [Place, ...Place[]];
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no fieldset in SVG
    <svg
      class="graph"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="group"
      aria-label={words.peersGraph(peers.length)}
    >
      {others.map((place) => (
        <Edge key={place.id} place={place} centre={centre} arrival={latest.get(place.id)} page={page} />
      ))}
      <g class="node self" transform={`translate(${centre.x} ${centre.y})`}>
        <circle r={24} />
        <path d="M-14 -4h14a4 4 0 0 1 0 8h-14a4 4 0 0 1 0 -8zM0 -4h14a4 4 0 0 1 0 8h-14a4 4 0 0 1 0 -8z" />
        <text class="label" dy={44}>
          {words.thisNode}
        </text>
      </g>
      {others.map((place) => {
        const peer = peers.find(({ peer_id }) => peer_id === place.id);
        return peer && <PeerNode key={place.id} place={place} peer={peer} page={page} />;
      })}
    </svg>
  );
}

/** The line to a peer; what came last over it is written on it, and a dot runs along when it comes. */
function Edge({
  place,
  centre,
  arrival,
  page,
}: {
  place: Place;
  centre: Place;
  arrival: Arrival | undefined;
  page: Page;
}) {
  const { words } = page;
  const label = arrival && whatCame(page, arrival);
  return (
    <g class="edge">
      <line x1={centre.x} y1={centre.y} x2={place.x} y2={place.y} />
      {arrival && (
        <g key={arrival.id}>
          <circle
            class="pulse"
            r={5}
            style={{
              '--from': `${place.x}px ${place.y}px`,
              '--to': `${centre.x}px ${centre.y}px`,
            }}
          />
          <text x={(centre.x + place.x) / 2} y={(centre.y + place.y) / 2 - 6}>
            {label}
            {arrival.afterMs !== undefined && ` · ${words.afterMs(arrival.afterMs)}`}
          </text>
        </g>
      )}
    </g>
  );
}

function PeerNode({ place, peer, page }: { place: Place; peer: Peer; page: Page }) {
  const { look } = page;
  const name = nameOf(page, peer.peer_id);
  const open = () => look({ kind: 'peer', peerId: peer.peer_id });
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no button in SVG
    <g
      class="node"
      role="button"
      tabIndex={0}
      transform={`translate(${place.x} ${place.y})`}
      onClick={open}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        open();
      }}
    >
      <circle r={20} />
      <text dy="0.35em">{[...name.replace('…', '')][0]?.toUpperCase()}</text>
      <text class="label" dy={36}>
        {name.length > 18 ? `${name.slice(0, 17)}…` : name}
        {peer.rtt_ms !== null && <tspan class="rtt"> {Math.round(numeric(peer.rtt_ms) * 10) / 10} ms</tspan>}
      </text>
    </g>
  );
}

function Arrivals() {
  const page = usePage();
  const { dashboard, words, look } = page;
  const latest = dashboard.arrivals.latest(ARRIVALS_SHOWN);
  return (
    <div class="arrivals">
      <h3 id="arrivals-title">{words.arrivals}</h3>
      {latest.length === 0 ? (
        <p class="nothing">{words.noArrivals}</p>
      ) : (
        <table aria-labelledby="arrivals-title">
          <thead>
            <tr>
              <th scope="col">{words.what}</th>
              <th scope="col">{words.from}</th>
              <th scope="col">{words.after}</th>
              <th scope="col">{words.time}</th>
            </tr>
          </thead>
          <tbody>
            {latest.map((arrival) => (
              <tr key={arrival.id}>
                <td>
                  {arrival.what === 'transaction' ? (
                    <button
                      type="button"
                      class="link-button"
                      onClick={() => look({ kind: 'transaction', id: arrival.id })}
                    >
                      {words.transaction}
                    </button>
                  ) : (
                    whatCame(page, arrival)
                  )}
                </td>
                <td>{arrival.from === null ? words.thisNode : nameOf(page, arrival.from)}</td>
                <td>{arrival.afterMs === undefined ? '–' : words.afterMs(arrival.afterMs)}</td>
                <td>{clock(arrival.at, words)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  );
}

function whatCame({ words }: Page, { what, index }: Arrival): string {
  return what === 'block' && index !== undefined ? words.block(index) : words.transaction;
}
