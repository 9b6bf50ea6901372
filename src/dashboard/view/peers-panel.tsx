/** Who is connected, who sent us what, and after how many ms. */
import { usePage } from './context.js';
import { clock } from './format.js';
import { nameOf } from './names.js';
import { Explain, Panel } from './parts.js';
import { LonelyGraph, PeersGraph, whatCame } from './peers-graph.js';
import { FEW } from './peers-layout.js';

const ARRIVALS_SHOWN = 8;

export function PeersPanel() {
  const { dashboard, words } = usePage();
  const { peers, status } = dashboard;
  return (
    <Panel
      title={`${words.peers} (${peers.length})`}
      explain="peers"
      class={peers.length > FEW ? 'peers many' : 'peers'}
    >
      {status && peers.length > 0 ? (
        <PeersGraph self={status.peer_id} peers={peers} />
      ) : (
        <div>
          <LonelyGraph />
          <p class="nothing">{words.noPeers}</p>
        </div>
      )}
      <Arrivals />
    </Panel>
  );
}

function Arrivals() {
  const page = usePage();
  const { dashboard, words, look } = page;
  const latest = dashboard.arrivals.latest(ARRIVALS_SHOWN);
  return (
    <div class="arrivals">
      <h3 id="arrivals-title">{words.arrivals}</h3>
      <Explain of="arrivals" />
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
