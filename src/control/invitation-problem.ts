/** What a client is told of an invitation that cannot be read, used or made. */
import type { InvitationError, InvitationErrorCode } from '../node/index.js';
import { Problem } from './problem.js';

const STATUS: Record<InvitationErrorCode, number> = {
  'no-invitation': 400,
  damaged: 400,
  'too-new': 400,
  'own-invitation': 400,
  'wrong-network': 409,
  'cannot-invite': 409,
  stale: 502,
};

export function invitationProblem({ code, message }: InvitationError): Problem {
  return new Problem(STATUS[code], message);
}
