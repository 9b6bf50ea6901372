/** The whole network on one wall: each node has the colour of its head, so a room that agrees is of one colour. */
import { useEffect } from 'preact/hooks';
import { census, type Room, standingOfNode } from '../model/room.js';
import type { RoomNode } from '../node/answers.js';
import { usePage } from './context.js';
import { clock } from './format.js';
import { shortId } from './names.js';
import { Explain, hueStyle } from './parts.js';

/** More nodes than this are drawn smaller, so that a class fits on a projector. */
const MANY = 20;
/** No more than this are drawn larger: they are read from the last row. */
const FEW = 6;

export function RoomPage({ room }: { room: Room }) {
  const { dashboard, words } = usePage();
  const { chain, peers, connection } = dashboard;
  const isLive = connection.state === 'live';
  useEffect(() => {
    if (isLive) room.ask();
  }, [isLive, chain.head?.hash, peers.length]);
  const nodes = [...room.nodes].sort(byName);
  return (
    <section class="room" aria-labelledby="room-title">
      <div class="room-head">
        <h2 id="room-title">{words.room}</h2>
        <Summary nodes={room.nodes} />
      </div>
      <Explain of="room" />
      <ol class={`wall ${nodes.length > MANY ? 'many' : nodes.length <= FEW ? 'few' : ''}`}>
        {nodes.map((node) => (
          <Tile key={node.peer_id} node={node} />
        ))}
      </ol>
    </section>
  );
}

/** Everyone finds their own node where it was. */
function byName(a: RoomNode, b: RoomNode): number {
  return Number(a.state === 'left') - Number(b.state === 'left') || a.name.localeCompare(b.name);
}

function Summary({ nodes }: { nodes: readonly RoomNode[] }) {
  const { words } = usePage();
  const present = nodes.filter(({ state }) => state !== 'left');
  const { same, behind, tied, fork, unknown } = census(present);
  if (present.length === 0) return null;
  return (
    <p class="room-summary">
      {words.roomSummary(present.length, Math.max(...present.map(({ length }) => length ?? 0)))}{' '}
      {same === present.length ? (
        <b class="fits">{words.allAgree}</b>
      ) : (
        <>
          {behind > 0 && <b>{words.areBehind(behind)} </b>}
          {tied > 0 && <b>{words.areTied(tied)} </b>}
          {fork > 0 && <b class="problem">{words.areForked(fork)} </b>}
          {unknown > 0 && <b>{words.areSilent(unknown)}</b>}
        </>
      )}
    </p>
  );
}

function Tile({ node }: { node: RoomNode }) {
  const { words } = usePage();
  const { peer_id, name, state, length, head } = node;
  return (
    <li class={`tile ${state} ${standingOfNode(node)}`} data-peer={peer_id}>
      <strong class="tile-name" title={peer_id}>
        {name || shortId(peer_id)}
        {state === 'this' && <small> {words.thisNode}</small>}
      </strong>
      <span class="tile-head" style={head === null ? {} : hueStyle(head)}>
        <b>{length === null ? '–' : length.toLocaleString(words.htmlLang)}</b>
        {head !== null && <code>{head.slice(0, 8)}</code>}
      </span>
      <span class="tile-standing">
        <Standing node={node} />
      </span>
    </li>
  );
}

function Standing({ node }: { node: RoomNode }) {
  const { words } = usePage();
  const { since, fork, behind_blocks, behind_ms } = node;
  const lag = (behind_blocks ?? 0) > 0 && (
    <>
      {words.behindBlocks(behind_blocks ?? 0)} · {words.lasting(behind_ms ?? 0)}
    </>
  );
  switch (standingOfNode(node)) {
    case 'gone':
      return <>{since !== null && words.leftAt(clock(Date.parse(since), words))}</>;
    case 'fork':
      return (
        <>
          {fork === null ? words.forked : words.forkedAfter(fork)}
          {lag && <span class="tile-lag">{lag}</span>}
        </>
      );
    case 'tied':
      return <>{fork === null ? words.tiedNode : words.tiedAfter(fork)}</>;
    case 'behind':
      return <>{lag}</>;
    case 'unknown':
      return <>{words.notSaid}</>;
    default:
      return <>{words.inStep}</>;
  }
}
