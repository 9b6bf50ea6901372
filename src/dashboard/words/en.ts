/** English; the shape of every language. Explanations use the tutorial's own words. */

export const en = {
  language: 'English',
  htmlLang: 'en',
  title: 'gossipchain',
  skip: 'Skip to the chain',
  network: 'Network',
  difficulty: 'Difficulty',
  zeros: (count: number) => (count === 1 ? '1 zero' : `${count} zeros`),
  length: 'Length',
  blocks: (count: number) => (count === 1 ? '1 block' : `${count} blocks`),
  thisNode: 'this node',
  settings: 'Settings',
  explain: 'Explain',
  theme: 'Theme',
  themes: { auto: 'Auto', light: 'Light', dark: 'Dark' },
  chooseLanguage: 'Language',
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  copyWhat: (what: string) => `Copy ${what}`,
  dismiss: 'OK',

  connection: { connecting: 'Connecting…', live: 'Live', away: 'Away', locked: 'Locked' },
  away: 'The node does not answer. What you see is how it was; the page goes on by itself when the node is back.',
  backSince: (time: string, seconds: number) =>
    `The node is back since ${time}; it was away for ${seconds} s.`,
  restarted: 'It was started again.',
  restartedUnseen: 'The node was started again while this page was hidden.',
  changes: {
    same: 'Its chain is the same as before.',
    longer: 'Its chain has grown meanwhile; what you saw is still in it.',
    different: 'Its chain is another than before: what you saw last is no longer in it.',
    'other-node': 'Another node answers here now.',
  },
  lockedTitle: 'This node needs its token',
  lockedText:
    'It was printed when the node was started for the first time, and is kept in its token file; or it is the one that the node was given.',
  token: 'Token',
  unlock: 'Unlock',

  intro: {
    title: 'This is one node of a blockchain, live.',
    text: 'Nodes keep one list together, the chain of blocks below, and nobody is in charge: each tells the others what is new, checks all that it hears, and goes by the longest valid chain.',
    steps: {
      send: 'Send a transaction: it waits for a block.',
      mine: 'Mine a block: the transaction is written into the chain.',
      meet: 'Start a second node: the same chain appears there, by itself.',
    },
    tryIt: 'Three things to try',
    done: 'done',
    explain: 'Explain each part',
    gotIt: 'Got it',
  },
  summary: (length: number, peers: number, pending: number) =>
    `The chain has ${length.toLocaleString('en')} ${length === 1 ? 'block' : 'blocks'}. ${
      peers === 0
        ? 'This node is alone so far.'
        : `This node keeps it together with ${peers} ${peers === 1 ? 'other node' : 'other nodes'}.`
    } ${
      pending === 0
        ? 'No transaction waits.'
        : `${pending} ${pending === 1 ? 'transaction waits' : 'transactions wait'} for block ${length + 1}.`
    }`,
  chain: 'The chain',
  block: (index: number) => `Block ${index}`,
  genesis: 'Genesis',
  hash: 'Hash',
  previous: 'Previous',
  previousHash: 'Previous hash',
  proof: 'Proof',
  time: 'Time',
  transactionsCount: (count: number) => (count === 1 ? '1 transaction' : `${count} transactions`),
  miner: 'Miner',
  minedBy: (name: string) => `Mined by ${name}`,
  waiting: (count: number) => (count === 0 ? 'Nothing waits' : `${count} waiting`),
  searchingProof: 'Searching:',
  newest: 'Newest',
  goTo: 'Go to block',
  go: 'Go',
  minedHere: 'Mined here',
  fromPeer: (name: string) => `From ${name}`,
  fetchedFrom: (name: string) => `Fetched from ${name}`,
  afterMs: (ms: number) => (ms < 10_000 ? `${ms} ms` : `${Math.round(ms / 1000)} s`),
  inSeconds: (seconds: number) => `${seconds.toFixed(1)} s`,
  replaced: 'Replaced',
  beside: 'Lost the race',
  tied: 'A tie',
  nextDecides: 'The next block decides',
  tie: (heads: number) =>
    heads === 1
      ? 'Another chain is as long as ours: a tie, which the next block decides.'
      : `${heads} other chains are as long as ours: a tie, which the next block decides.`,
  standings: {
    replaced: 'This block was in our chain until a longer chain replaced it.',
    beside: 'This block is valid, but another was first: it is in no chain longer than ours.',
    tied: 'This block is in a chain as long as ours: a tie. The next block decides which of the two stays.',
    gone: 'Our chain has this block no more.',
  },
  loading: 'Loading…',
  confirmations: (count: number) => (count === 1 ? '1 confirmation' : `${count} confirmations`),

  hashInput: 'What the hash is made of',
  hashInputText: 'This text, byte for byte, is what SHA-256 takes. Change a character and see.',
  hashOfText: 'SHA-256 of the text above',
  hashFits: 'It is the hash of this block.',
  hashBroken: (next: number) =>
    `It is not the hash of this block any more: a block ${next} that follows names the old one, so the chain breaks here.`,
  restore: 'Restore',
  computeIt: 'Compute it yourself, in a terminal:',
  proofCheck: 'Proof of work',
  proofCheckText: (zeros: number) =>
    `SHA-256 of the last proof followed by this one begins with ${zeros === 1 ? 'one zero' : `${zeros} zeros`}:`,
  nobody: 'nobody (a new coin)',

  mine: 'Mine',
  mineBlock: 'Mine a block',
  stop: 'Stop',
  searching: (index: number) => `Searching for the proof of block ${index}`,
  waitingForMiner: 'Waiting for the miner…',
  tried: 'tried',
  perSecond: 'a second',
  soFar: 'so far',
  expected: (tries: string) => `about ${tries} tries are needed on average`,
  forged: (index: number) => `Block ${index} forged.`,
  automatic: 'Mine by itself',
  every: 'about every',
  seconds: 'seconds',

  send: 'Send',
  sender: 'From',
  recipient: 'To',
  amount: 'Amount',
  sendButton: 'Send',
  sent: 'Sent; it waits for a block.',
  follow: 'Follow it',
  notReached: 'The node did not answer.',

  pending: 'Pending transactions',
  nonePending: 'None: the next block will hold the reward only.',
  andMore: (count: number) => `and ${count} more`,

  peers: 'Peers',
  noPeers:
    'No other node yet. Start one in another terminal, or on another machine of this LAN: it appears here by itself. Elsewhere it takes the invitation below.',
  peersGraph: (count: number) => `This node and its ${count} peers`,
  arrivals: 'Who sent us what',
  what: 'What',
  from: 'From',
  after: 'After',
  rtt: 'Round trip',
  itsLength: 'Its length',
  connectedSince: 'Connected since',
  dialled: { inbound: 'It dialled us', outbound: 'We dialled it' },
  transaction: 'Transaction',
  noArrivals: 'Nothing yet.',

  life: 'Life of a transaction',
  steps: {
    sent: 'Sent from this node',
    heard: (name: string) => `Heard from ${name}`,
    pending: 'Waits for a block',
    block: (index: number, miner: string) => `In block ${index}, mined by ${miner}`,
    inBlock: (index: number) => `In block ${index}`,
    returned: (index: number) => `A longer chain replaced block ${index}: it waits again`,
    moved: (index: number) => `A longer chain replaced block ${index}: it is in another block now`,
    gone: 'Not in this chain, and waiting for no block',
  },
  transactionId: 'Id',

  join: 'Join this network',
  invitation: 'Invitation',
  addresses: 'Addresses',
  peerId: 'Peer id',
  noInvitation: 'This node has no address that others could reach.',

  more: 'The same for programs:',
  moreLinks: {
    docs: 'the API, to try',
    metrics: 'metrics for Prometheus',
    chain: 'the newest blocks as JSON',
  },

  pages: 'Pages',
  pageNode: 'Node',
  pageRoom: 'Room',
  room: 'The room',
  roomSummary: (nodes: number, length: number) =>
    `${nodes === 1 ? '1 node' : `${nodes} nodes`}; the longest chain has ${length === 1 ? '1 block' : `${length.toLocaleString('en')} blocks`}.`,
  allAgree: 'All agree.',
  areBehind: (nodes: number) => (nodes === 1 ? '1 is behind.' : `${nodes} are behind.`),
  areTied: (nodes: number) =>
    nodes === 1 ? '1 is tied: the next block decides.' : `${nodes} are tied: the next block decides.`,
  areForked: (nodes: number) => (nodes === 1 ? '1 is on a fork.' : `${nodes} are on a fork.`),
  areSilent: (nodes: number) => (nodes === 1 ? '1 has not said yet.' : `${nodes} have not said yet.`),
  inStep: 'In step',
  lasting: (ms: number) => (ms < 1_000 ? `${ms} ms` : `${(ms / 1_000).toFixed(ms < 10_000 ? 1 : 0)} s`),
  behindBlocks: (blocks: number) => (blocks === 1 ? '1 block behind' : `${blocks} blocks behind`),
  forked: 'Forked',
  forkedAfter: (index: number) => `Forked after block ${index}`,
  tiedNode: 'Tied: the next block decides',
  tiedAfter: (index: number) => `Tied after block ${index}: the next block decides`,
  notSaid: 'Has not said yet',
  leftAt: (time: string) => `Left at ${time}`,

  said: {
    block: (index: number, name: string) => `Block ${index} from ${name}`,
    minedHere: (index: number) => `Block ${index} mined here`,
  },
  reorgBanner: (fork: number, removed: number, added: number) =>
    `Reorganisation after block ${fork}: ${removed} of our blocks made way for ${added} of a longer chain.`,

  explained: {
    chain:
      'A blockchain is a list of blocks. Each block has an index, a time, a list of transactions, a proof, and the hash of the previous block. Equal colours are equal hashes: that is the chain.',
    fork: 'Two nodes may find a block at the same time. Then the chain forks, until one side is longer: the longest valid chain wins. While both are as long it is a tie, and the next block decides. The blocks that lost, or have not won yet, are drawn below, dashed.',
    mine: 'Mining is the search for a number, the proof, that is hard to find and easy to check: the SHA-256 of the last proof and the new one must begin with enough zeros. Who finds it forges the block and is rewarded with 1 coin.',
    send: 'A transaction says who sends how much to whom. It is told to all nodes, and added to the block that is mined next.',
    pending: 'Transactions that are in no block yet. The next block takes them.',
    peers:
      'The nodes that this one is connected to. They find each other by themselves, and pass on what they hear: that is gossip.',
    arrivals:
      'Each block and transaction, whom it came from, and how many thousandths of a second after its miner had made it.',
    join: 'Whoever has the invitation can join this network with one command.',
    next: 'The dashed block does not exist yet. It will carry the hash of the last one, and what waits; its own hash nobody can know before its proof is found.',
    origin:
      'Who sent this block to this node, and how long after it was made. Each node passes on what it finds valid.',
    hash: 'The hash is the fingerprint of the whole block. Change anything in it, and the hash is another.',
    previousHash:
      'The hash of the block before. It ties this block to all before it: nobody can change one of them unseen.',
    genesis: 'The first block has none before it. The tutorial writes 1.',
    proof: 'The answer to the puzzle: anyone can check it with one SHA-256.',
    time: 'When its miner made it, by the miner’s clock.',
    transactions: 'What this block records. The last one is the reward: the sender "0" means a new coin.',
    life: 'A transaction is sent, passed on from node to node, waits, and is written into a block. Each block after that one confirms it. If a longer chain replaces its block, it waits again.',
    room: 'Every node that this one knows of, with the length of its chain and the hash of its last block. Nodes of one colour have the same chain. Red is a fork: a node whose last block is not in our chain, and whose chain is shorter. One with a chain as long as ours is tied: the next block decides.',
    length:
      'Length: how many blocks the chain has. Of all valid chains, the longest is the true one: so nodes that trust nobody come to agree. That is consensus.',
    difficulty:
      'Difficulty: how many zeros the hash of a proof must begin with. One more makes it 16 times as hard.',
  },
};

/** The keys and kinds of a language's words; a language that lacks one does not compile. */
export type Words = typeof en;
