/** Network namespaces held open by a process each, and commands run inside them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/**
 * A command whose process the kernel ends with ours, however ours ends: what a test leaves behind cannot outlive it, and
 * a namespace is gone with its last process.
 */
export function boundToUs(command: readonly string[]): string[] {
  return ['setpriv', '--pdeathsig', 'KILL', ...command];
}

/** What a holder prints when it stands. */
const READY = 'ready';

export class Namespace {
  private constructor(private readonly holder: ChildProcess) {}

  /**
   * A namespace with loopback up and nothing else.
   *
   * @param hostname what its processes see as this machine's name
   * @param holder the command that holds it open; it prints `ready` when others may come
   */
  static async make(hostname: string, holder = ['sh', '-c', `echo ${READY}; exec sleep infinity`]) {
    const setUp = `ip link set lo up && hostname "$0" && exec "$@"`;
    const [file, ...args] = boundToUs(['unshare', '-nu', 'sh', '-c', setUp, hostname, ...holder]);
    const child = spawn(file as string, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => reject(new Error(`no namespace for ${hostname}: exit code ${code}`)));
      child.stdout?.once('data', () => resolve());
    });
    return new Namespace(child);
  }

  get pid(): number {
    return this.holder.pid as number;
  }

  /** A process inside. It has the pid that is answered: nsenter and setpriv become the program. */
  spawn(
    command: readonly string[],
    options: { env?: NodeJS.ProcessEnv; input?: boolean } = {},
  ): ChildProcess {
    const args = ['-t', String(this.pid), '-n', '-u', ...boundToUs(command)];
    return spawn('nsenter', args, {
      stdio: [options.input ? 'pipe' : 'ignore', 'pipe', 'pipe'],
      env: options.env ?? process.env,
    });
  }

  /** Runs a command to its end. @throws when it fails, with what it said */
  async run(command: readonly string[], input = ''): Promise<string> {
    const child = this.spawn(command, { input: true });
    let text = '';
    child.stdout?.on('data', (chunk) => (text += chunk));
    child.stderr?.on('data', (chunk) => (text += chunk));
    // One that fails before it has read its input says why by its exit code.
    child.stdin?.on('error', () => {});
    child.stdin?.end(input);
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`${command.join(' ')}: exit code ${code}\n${input}\n${text}`);
    return text;
  }

  /** Several `ip` commands, one a line, in one process. */
  async ip(...lines: string[]): Promise<void> {
    if (lines.length > 0) await this.run(['ip', '-batch', '-'], `${lines.join('\n')}\n`);
  }

  async end(): Promise<void> {
    if (this.holder.exitCode !== null || this.holder.signalCode !== null) return;
    const ended = once(this.holder, 'exit');
    this.holder.kill('SIGKILL');
    await ended;
  }
}
