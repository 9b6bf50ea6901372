import type { Bound } from '../bounds.js';

/**
 * What can go wrong with the network: `code` is stable, the message is one line and says what to do. Each has its name written
 * down: in the bundled program its class may be called otherwise.
 */
export abstract class NetworkError extends Error {
  abstract readonly code: string;
}

/** The file with this node's key cannot be used. */
export class IdentityError extends NetworkError {
  override readonly name = 'IdentityError';

  constructor(
    readonly code: 'key-damaged' | 'key-unreadable' | 'key-unwritable',
    readonly file: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** An address cannot be listened on. */
export class ListenError extends NetworkError {
  override readonly name = 'ListenError';

  constructor(
    readonly code: 'port-taken' | 'not-allowed' | 'address-not-ours' | 'bad-address' | 'listen-failed',
    readonly address: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** A peer cannot be reached at an address. */
export class DialError extends NetworkError {
  override readonly name = 'DialError';

  constructor(
    readonly code:
      | 'bad-address'
      | 'ourselves'
      | 'refused'
      | 'timed-out'
      | 'unreachable'
      | 'unknown-host'
      | 'wrong-peer'
      | 'no-address'
      | 'cancelled'
      | 'dial-failed',
    readonly address: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The network is used before it is started, or after it is stopped. */
export class NotStartedError extends NetworkError {
  override readonly name = 'NotStartedError';

  readonly code = 'not-started';
  constructor() {
    super('the network is not started');
  }
}

/** A stream is wanted to a peer that is not connected. */
export class NotConnectedError extends NetworkError {
  override readonly name = 'NotConnectedError';

  readonly code = 'not-connected';
  constructor(readonly peerId: string) {
    super(`peer ${peerId} is not connected`);
  }
}

/** Why we cut a connection: its peer broke a limit that no honest one comes near. */
export class ConnectionFault extends Error {
  override readonly name = 'ConnectionFault';

  constructor(
    readonly bound: Bound,
    message: string,
  ) {
    super(message);
  }
}
