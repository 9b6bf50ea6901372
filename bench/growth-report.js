// What growth.js has measured, as plots and as figures.
const MIB = 2 ** 20;

/**
 * @param {object[]} rooms - what growth-nodes.js printed, for each number of nodes
 * @param {object[]} chains - what growth-blocks.js printed, for each number of blocks
 * @returns {Record<string, import('./growth-plot.js').Plot>} by the names of their files
 */
export function plotsOf(rooms, chains) {
  const nodes = { title: 'nodes', ticks: rooms.map((room) => room.nodes) };
  const blocks = { title: 'blocks', log: true, ticks: chains.map((chain) => chain.blocks) };
  const overNodes = (name, of) => ({ name, points: rooms.map((room) => [room.nodes, of(room)]) });
  const overBlocks = (name, of) => ({ name, points: chains.map((chain) => [chain.blocks, of(chain)]) });
  return {
    discovery: {
      title: 'From the last node’s start until all are connected to all',
      x: nodes,
      y: { title: 'seconds' },
      lines: [overNodes('discovery', ({ discoveryMs }) => discoveryMs / 1_000)],
    },
    propagation: {
      title: 'A block, from its miner to the last of the others',
      x: nodes,
      y: { title: 'milliseconds' },
      lines: [overNodes('p50', ({ p50Ms }) => p50Ms), overNodes('p99', ({ p99Ms }) => p99Ms)],
    },
    bytes: {
      title: 'What a node sends for each block',
      x: nodes,
      y: { title: 'KiB' },
      lines: [overNodes('bytes', ({ bytesPerBlock }) => bytesPerBlock / 1024)],
    },
    sync: {
      title: 'A new node takes the whole chain from one peer',
      x: blocks,
      y: { title: 'seconds', log: true },
      lines: [overBlocks('sync', ({ syncMs }) => syncMs / 1_000)],
    },
    memory: {
      title: 'Resident memory of a node that syncs',
      x: blocks,
      y: { title: 'MiB' },
      lines: [
        overBlocks('at rest before', ({ idle }) => idle / MIB),
        overBlocks('peak while syncing', ({ peak }) => peak / MIB),
      ],
    },
  };
}

/** @returns {import('./report.js').Figure[]} */
export function figuresOf(rooms, chains) {
  return [...rooms.flatMap(roomFigures), ...chains.flatMap(chainFigures)];
}

function roomFigures({ nodes, ...room }) {
  return [
    { what: `${nodes} nodes: all connected to all`, value: room.discoveryMs / 1_000, unit: 's' },
    { what: `${nodes} nodes: a block on all, p50`, value: room.p50Ms, unit: 'ms' },
    { what: `${nodes} nodes: a block on all, p99`, value: room.p99Ms, unit: 'ms' },
    { what: `${nodes} nodes: one sends for each block`, value: room.bytesPerBlock / 1024, unit: 'KiB' },
    { what: `${nodes} nodes: one sends at rest`, value: room.restBytesPerSecond / 1024, unit: 'KiB/s' },
    { what: `${nodes} nodes: memory of one`, value: room.memory / MIB, unit: 'MiB' },
  ];
}

function chainFigures({ blocks, syncMs, idle, peak }) {
  const count = blocks.toLocaleString('en-US');
  return [
    { what: `${count} blocks: synced and on disk`, value: syncMs / 1_000, unit: 's' },
    {
      what: `${count} blocks: memory at its peak`,
      value: peak / MIB,
      unit: 'MiB',
      baseline: { what: 'at rest before', value: idle / MIB },
    },
  ];
}
