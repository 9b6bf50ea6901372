/** The peers as a graph: what came last from each, and after how many ms. */
import { useMemo } from 'preact/hooks';
import type { Arrival } from '../model/arrivals.js';
import { numeric } from '../model/block.js';
import type { Peer } from '../node/answers.js';
import { type Page, usePage } from './context.js';
import { nameOf } from './names.js';
import { FEW, type Place, placePeers } from './peers-layout.js';

/** As the style sheets have it. */
const NARROW = '(max-width: 640px)';
/** The longest name, in characters, where many stand close together, and where few do. */
const NAME_AMONG_MANY = 12;
const NAME_AMONG_FEW = 18;

export function PeersGraph({ self, peers }: { self: string; peers: readonly Peer[] }) {
  const page = usePage();
  const { dashboard, words } = page;
  const ids = peers.map(({ peer_id }) => peer_id).sort();
  const isNarrow = matchMedia(NARROW).matches;
  const { places, width, height } = useMemo(
    () => placePeers(self, ids, isNarrow),
    [self, ids.join(), isNarrow],
  );
  const latest = dashboard.arrivals.latestByPeer();
  const [newest] = dashboard.arrivals.latest(1);
  const isFew = peers.length <= FEW;
  const [centre, ...others] = places as unknown as [Place, ...Place[]];
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no fieldset in SVG
    <svg
      class="graph"
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      aria-label={words.peersGraph(peers.length)}
    >
      {others.map((place) => (
        <Edge
          key={place.id}
          place={place}
          centre={centre}
          arrival={latest.get(place.id)}
          isTold={isFew || place.id === newest?.from}
          page={page}
        />
      ))}
      <ThisNode place={centre} />
      {others.map((place) => {
        const peer = peers.find(({ peer_id }) => peer_id === place.id);
        return peer && <PeerNode key={place.id} place={place} peer={peer} isAmongFew={isFew} page={page} />;
      })}
    </svg>
  );
}

/** Nobody else is there, but might be. */
export function LonelyGraph() {
  return (
    <svg class="graph lonely" viewBox="0 0 300 96" aria-hidden="true">
      <line x1="98" y1="34" x2="206" y2="34" />
      <circle cx="226" cy="34" r="20" />
      <ThisNode place={{ x: 74, y: 34 }} />
    </svg>
  );
}

function ThisNode({ place: { x, y } }: { place: Pick<Place, 'x' | 'y'> }) {
  const { words } = usePage();
  return (
    <g class="node self" transform={`translate(${x} ${y})`}>
      <circle r={24} />
      <path d="M-14 -4h14a4 4 0 0 1 0 8h-14a4 4 0 0 1 0 -8zM0 -4h14a4 4 0 0 1 0 8h-14a4 4 0 0 1 0 -8z" />
      <text class="label" dy={44}>
        {words.thisNode}
      </text>
    </g>
  );
}

/** The line to a peer; what came last over it is written on it, and a dot runs along when it comes. */
function Edge({
  place,
  centre,
  arrival,
  isTold,
  page,
}: {
  place: Place;
  centre: Place;
  arrival: Arrival | undefined;
  /** Whether there is room to write what came. */
  isTold: boolean;
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
          {isTold && (
            <text x={(centre.x + place.x) / 2} y={(centre.y + place.y) / 2 - 6}>
              {label}
              {arrival.afterMs !== undefined && ` · ${words.afterMs(arrival.afterMs)}`}
            </text>
          )}
        </g>
      )}
    </g>
  );
}

interface PeerNodeProps {
  readonly place: Place;
  readonly peer: Peer;
  readonly isAmongFew: boolean;
  readonly page: Page;
}

function PeerNode({ place, peer, isAmongFew, page }: PeerNodeProps) {
  const { look } = page;
  const name = nameOf(page, peer.peer_id);
  const open = () => look({ kind: 'peer', peerId: peer.peer_id });
  return (
    // biome-ignore lint/a11y/useSemanticElements: there is no button in SVG
    <g
      class="node"
      role="button"
      // In SVG the name of an attribute has a case, and this one's is lower.
      tabindex={0}
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
        {shortened(name, isAmongFew ? NAME_AMONG_FEW : NAME_AMONG_MANY)}
        {isAmongFew && peer.rtt_ms !== null && (
          <tspan class="rtt"> {page.words.afterMs(Math.round(numeric(peer.rtt_ms) * 10) / 10)}</tspan>
        )}
      </text>
    </g>
  );
}

function shortened(name: string, most: number): string {
  const characters = [...name];
  return characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : name;
}

export function whatCame({ words }: Page, { what, index }: Arrival): string {
  return what === 'block' && index !== undefined ? words.block(index) : words.transaction;
}
