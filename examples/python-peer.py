"""Checks a node's chain by the tutorial's own rules, with nothing but Python's standard library.

    python3 examples/python-peer.py http://127.0.0.1:5000
    python3 examples/python-peer.py --resolve http://127.0.0.1:5000 http://127.0.0.1:5001

The first checks the node's chain, and that the hash of its last block is what the node calls its head.
With --resolve a blockchain of our own, one block long, is taken through the tutorial's resolve_conflicts.
Exit code 0: the chain is valid, or replaced ours; 1: it is not, or no node answers.
"""
import argparse
import hashlib
import json
import sys
import time
import urllib.request


class Blockchain:
    """The tutorial's class: what it takes to check a chain and to take over a longer one."""

    def __init__(self, difficulty):
        self.difficulty = difficulty
        self.nodes = set()
        self.chain = [{
            'index': 1,
            'timestamp': time.time(),
            'transactions': [],
            'proof': 100,
            'previous_hash': '1',
        }]

    def register_node(self, address):
        self.nodes.add(address)

    def valid_chain(self, chain):
        last_block = chain[0]
        for block in chain[1:]:
            if block['previous_hash'] != self.hash(last_block):
                print(f"block {block['index']}: previous_hash is not the hash of the block before")
                return False
            if not self.valid_proof(last_block['proof'], block['proof']):
                print(f"block {block['index']}: the proof is not valid")
                return False
            last_block = block
        return True

    def resolve_conflicts(self):
        new_chain = None
        max_length = len(self.chain)
        for node in self.nodes:
            response = fetch(f'{node}/chain')
            length = response['length']
            chain = response['chain']
            if length > max_length and self.valid_chain(chain):
                max_length = length
                new_chain = chain
        if new_chain:
            self.chain = new_chain
            return True
        return False

    @staticmethod
    def hash(block):
        block_string = json.dumps(block, sort_keys=True).encode()
        return hashlib.sha256(block_string).hexdigest()

    def valid_proof(self, last_proof, proof):
        guess = f'{last_proof}{proof}'.encode()
        guess_hash = hashlib.sha256(guess).hexdigest()
        return guess_hash.startswith('0' * self.difficulty)


def fetch(url):
    with urllib.request.urlopen(url, timeout=60) as response:
        return json.load(response)


def fetch_chain(node):
    """The node's chain and status, asked for again where a new block came in between."""
    for _ in range(5):
        chain = fetch(f'{node}/chain')['chain']
        status = fetch(f'{node}/status')
        if len(chain) == status['length']:
            break
    return chain, status


def check(node):
    chain, status = fetch_chain(node)
    if not Blockchain(status['difficulty']).valid_chain(chain):
        return False
    print(f'valid: {len(chain)} blocks')
    head = Blockchain.hash(chain[-1])
    is_head = head == status['head']
    print(f"head:  {head}, {'as' if is_head else 'but not what'} the node says")
    return is_head


def resolve(nodes):
    blockchain = Blockchain(fetch(f'{nodes[0]}/status')['difficulty'])
    for node in nodes:
        blockchain.register_node(node)
    replaced = blockchain.resolve_conflicts()
    print('Our chain was replaced' if replaced else 'Our chain is authoritative')
    print(f'{len(blockchain.chain)} blocks, head {Blockchain.hash(blockchain.chain[-1])}')
    return replaced


def main():
    parser = argparse.ArgumentParser(description="Checks a node's chain by the tutorial's own rules.")
    parser.add_argument('nodes', nargs='+', metavar='URL', help='of a control API, as http://127.0.0.1:5000')
    parser.add_argument('--resolve', action='store_true', help='take a chain of our own through resolve_conflicts')
    arguments = parser.parse_args()
    nodes = [node.rstrip('/') for node in arguments.nodes]
    try:
        good = resolve(nodes) if arguments.resolve else all([check(node) for node in nodes])
    except OSError as error:
        sys.exit(f'a node does not answer: {error}')
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        sys.exit(f'what came is no chain of blocks: {error!r}')
    sys.exit(0 if good else 1)


if __name__ == '__main__':
    main()
