/** One end of a stream between two simulated hosts: libp2p's own stream, with our network beneath it. */
import type { Logger } from '@libp2p/interface';
import { AbstractStream } from '@libp2p/utils';

const nothing = () => {};
const SILENT: Logger = Object.assign(nothing, {
  trace: nothing,
  error: nothing,
  enabled: false,
  newScope: () => SILENT,
});

type Bytes = Parameters<AbstractStream['onData']>[0];

/** Carries something to the other end, in order; or loses it, and all that follows. */
export type Carry = (deliver: (other: SimulatedStream) => void) => void;

export class SimulatedStream extends AbstractStream {
  /**
   * @param pieces cuts what is sent into the pieces in which it arrives
   */
  constructor(
    id: string,
    direction: 'inbound' | 'outbound',
    protocol: string,
    private readonly carry: Carry,
    private readonly pieces: (bytes: Uint8Array) => Uint8Array[],
  ) {
    super({ id, direction, protocol, log: SILENT });
  }

  sendData(data: Bytes): { sentBytes: number; canSendMore: boolean } {
    for (const piece of this.pieces(data.slice())) this.carry((other) => other.onData(piece));
    return { sentBytes: data.byteLength, canSendMore: true };
  }

  sendReset(): void {
    this.carry((other) => other.broken());
  }

  async sendCloseWrite(): Promise<void> {
    this.carry((other) => other.onRemoteCloseWrite());
  }

  async sendCloseRead(): Promise<void> {
    this.carry((other) => other.onRemoteCloseRead());
  }

  sendPause(): void {}

  sendResume(): void {}

  /** The other end, or the connection, is gone. */
  broken(): void {
    if (this.status === 'open') this.onRemoteReset();
  }
}
