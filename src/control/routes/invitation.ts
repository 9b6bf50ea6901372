/** `/invitation`: the code by which others join. */
import type { FastifyInstance } from 'fastify';
import { readInvitation } from '../../node/index.js';
import type { ControlledNode } from '../controlled-node.js';
import { errors } from '../schemas/error.js';
import { INVITATION, type InvitationAnswer } from '../schemas/invitation.js';

export function addInvitationCall(app: FastifyInstance, node: ControlledNode): void {
  app.get(
    '/invitation',
    {
      schema: {
        summary: 'A code by which others join this network, with no other setting',
        response: { 200: INVITATION, ...errors(409, 503) },
      },
    },
    async (): Promise<InvitationAnswer> => {
      const code = node.invitation();
      const { networkId, peerId, addresses } = readInvitation(code);
      return { code, network_id: networkId, peer_id: peerId, addresses: [...addresses] };
    },
  );
}
