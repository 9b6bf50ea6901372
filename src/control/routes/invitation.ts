/** `/invitation`: the code by which others join. */
import type { FastifyInstance } from 'fastify';
import { readInvitation } from '../../node/index.js';
import type { ControlledNode } from '../controlled-node.js';
import { CALLS } from '../schemas/calls.js';
import type { InvitationAnswer } from '../schemas/invitation.js';

export function addInvitationCall(app: FastifyInstance, node: ControlledNode): void {
  app.get('/invitation', { schema: CALLS['GET /invitation'] }, async (): Promise<InvitationAnswer> => {
    const code = node.invitation();
    const { networkId, peerId, addresses } = readInvitation(code);
    return { code, network_id: networkId, peer_id: peerId, addresses: [...addresses] };
  });
}
