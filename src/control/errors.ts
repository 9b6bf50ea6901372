/** What keeps the control API from being served. */

export type ControlErrorCode =
  /** Another program listens there. */
  | 'port-taken'
  /** None of the ports that were tried is free. */
  | 'no-free-port'
  /** The address is not one of this machine's. */
  | 'host-not-ours'
  /** An address of IPv6 that needs an interface named beside it, which no URL can. */
  | 'host-link-local'
  /** The host name is not known. */
  | 'host-unknown'
  /** The system allows this port to privileged users only. */
  | 'port-not-allowed'
  /** Others than this machine could reach the API, and there is no token. */
  | 'token-needed'
  /** The system refused for another reason. */
  | 'bind-failed';

export class ControlError extends Error {
  override readonly name = 'ControlError';

  constructor(
    readonly code: ControlErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
