/** What others need to come in. */
import { usePage } from './context.js';
import { CopyButton, Panel } from './parts.js';

export function JoinPanel() {
  const { dashboard, words } = usePage();
  const { status, invitation } = dashboard;
  if (status === undefined) return null;
  const command = invitation && `gossipchain start --join ${invitation}`;
  return (
    <Panel title={words.join} explain="join" class="join">
      <dl class="copyable">
        <div>
          <dt>{words.invitation}</dt>
          {command === undefined ? (
            <dd>{words.noInvitation}</dd>
          ) : (
            <dd>
              <code>{command}</code> <CopyButton text={command} what={words.invitation} />
            </dd>
          )}
        </div>
        <div>
          <dt>{words.peerId}</dt>
          <dd>
            <code>{status.peer_id}</code> <CopyButton text={status.peer_id} what={words.peerId} />
          </dd>
        </div>
        <div>
          <dt>{words.addresses}</dt>
          {status.addresses.map((address) => (
            <dd key={address}>
              <code>{address}</code> <CopyButton text={address} what={words.addresses} />
            </dd>
          ))}
        </div>
      </dl>
    </Panel>
  );
}
