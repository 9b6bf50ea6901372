/** The ledger's own texts: JSON, transactions, blocks, and files with whole chains. */
import fc from 'fast-check';
import {
  Block,
  canonicalJson,
  decodeBlock,
  decodeTransaction,
  InvalidBlock,
  InvalidChainFile,
  InvalidTransaction,
  JsonError,
  parseJson,
  readBlock,
  readChainFile,
  Transaction,
} from '../../../src/chain/index.js';
import { anyBlock, anyJson, anyTransaction } from '../../chain/arbitraries.js';
import { chainText } from '../../helpers/chains.js';
import { bytesOf, readerOf, type Target, textOf } from '../target.js';

export const canonicalJsonTarget: Target = {
  name: 'canonical-json',
  valid: anyJson.map((value) => bytesOf(canonicalJson(value))),
  open: () =>
    readerOf([JsonError], (input) => {
      const value = asJavaScriptDoes(input, () => parseJson(input));
      return bytesOf(canonicalJson(value));
    }),
};

/** What JavaScript's own parser takes differs by what we refuse on purpose, and never the other way round. */
function asJavaScriptDoes<T>(input: Uint8Array, parse: () => T): T {
  try {
    const value = parse();
    JSON.parse(textOf(input));
    return value;
  } catch (error) {
    if (error instanceof JsonError && error.code === 'syntax' && isJson(textOf(input)))
      throw new Error('JSON is refused for its syntax');
    if (error instanceof SyntaxError) throw new Error('what is no JSON is taken');
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

export const transactionTarget: Target = {
  name: 'transaction',
  canonical: true,
  valid: anyTransaction.map(({ bytes }) => bytes),
  open: () =>
    readerOf([InvalidTransaction], (input) => {
      const { sender, recipient, amount, nonce } = decodeTransaction(input);
      return new Transaction(sender, recipient, amount, nonce).bytes;
    }),
};

export const blockTarget: Target = {
  name: 'block',
  canonical: true,
  valid: anyBlock.map(({ bytes }) => bytes),
  open: () =>
    readerOf([InvalidBlock], (input) => {
      const slowly = readSlowly(input);
      const block = decodedAs(slowly, () => decodeBlock(input));
      // A new block is written out from its fields, not from the bytes that were read.
      return new Block(block).bytes;
    }),
};

/** The long way: any JSON is read, and written canonically. @returns undefined where that is not these bytes */
function readSlowly(input: Uint8Array): Block | undefined {
  try {
    const block = readBlock(parseJson(input));
    return Buffer.compare(block.bytes, input) === 0 ? block : undefined;
  } catch (error) {
    if (error instanceof JsonError || error instanceof InvalidBlock) return undefined;
    throw error;
  }
}

/** What is read in one pass must be what the long way reads. */
function decodedAs(slowly: Block | undefined, decode: () => Block): Block {
  const refuse = (why: string) => new Error(`the two ways to read a block differ: ${why}`);
  let block: Block;
  try {
    block = decode();
  } catch (error) {
    if (error instanceof InvalidBlock && slowly !== undefined) throw refuse(error.message);
    throw error;
  }
  if (slowly === undefined) throw refuse('one takes what the other does not');
  if (block.hash !== slowly.hash) throw refuse('another hash');
  if (Buffer.compare(block.bytes, slowly.bytes) !== 0) throw refuse('other bytes');
  if (canonicalJson(block) !== canonicalJson(slowly)) throw refuse('other fields');
  const ids = ({ transactions }: Block) =>
    transactions.map(({ id, bytes }) => `${id} ${bytes.length}`).join();
  if (ids(block) !== ids(slowly)) throw refuse('other transactions');
  return block;
}

/** How the file reaches the reader: in pieces of no more than so many characters. */
const PIECE_CHARACTERS = 61;

export const chainFileTarget: Target = {
  name: 'chain-file',
  valid: fc.array(anyBlock, { maxLength: 3 }).map((blocks) => bytesOf(chainText(blocks))),
  open: () =>
    readerOf([InvalidChainFile, JsonError, InvalidBlock], async (input) => {
      const blocks: Block[] = [];
      for await (const value of readChainFile(piecesOf(textOf(input)))) blocks.push(readBlock(value));
      return bytesOf(chainText(blocks));
    }),
};

function* piecesOf(text: string): Generator<string> {
  // A large file comes in larger pieces, as from a disk; a small one is cut wherever it hurts.
  const size = Math.max(PIECE_CHARACTERS, Math.ceil(text.length / 64));
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}
