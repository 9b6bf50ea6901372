"""The tutorial's own resolve_conflicts, for one neighbour: fetches its chain and validates it in memory.

    python3 bench/sync-tutorial.py http://127.0.0.1:PORT
    python3 bench/sync-tutorial.py --as-published http://127.0.0.1:PORT

Left out, but where it is wanted as published, is what only slows it down: its print of every two blocks (thrown away here),
and its second response.json() for the length. Prints the seconds from the request to the verdict.
"""
import contextlib
import hashlib
import json
import os
import sys
import time
from urllib.request import urlopen


class Blockchain:
    def __init__(self):
        self.chain = [{'index': 1}]

    @staticmethod
    def hash(block):
        block_string = json.dumps(block, sort_keys=True).encode()
        return hashlib.sha256(block_string).hexdigest()

    @staticmethod
    def valid_proof(last_proof, proof):
        guess = f'{last_proof}{proof}'.encode()
        guess_hash = hashlib.sha256(guess).hexdigest()
        return guess_hash[:4] == '0000'

    def valid_chain(self, chain):
        last_block = chain[0]
        current_index = 1

        while current_index < len(chain):
            block = chain[current_index]
            if block['previous_hash'] != self.hash(last_block):
                return False
            if not self.valid_proof(last_block['proof'], block['proof']):
                return False
            last_block = block
            current_index += 1

        return True

    @staticmethod
    def parsed(body):
        answer = json.loads(body)
        return answer['length'], answer['chain']

    def resolve_conflicts(self, neighbours):
        new_chain = None
        max_length = len(self.chain)

        for node in neighbours:
            response = urlopen(f'{node}/chain')
            if response.status == 200:
                length, chain = self.parsed(response.read())
                if length > max_length and self.valid_chain(chain):
                    max_length = length
                    new_chain = chain

        if new_chain:
            self.chain = new_chain
            return True
        return False


class Published(Blockchain):
    """With what the tutorial does besides. A loop of its own: a call for each block would weigh on the leaner one's time."""

    def valid_chain(self, chain):
        last_block = chain[0]
        current_index = 1

        while current_index < len(chain):
            block = chain[current_index]
            print(f'{last_block}')
            print(f'{block}')
            print("\n-----------\n")
            if block['previous_hash'] != self.hash(last_block):
                return False
            if not self.valid_proof(last_block['proof'], block['proof']):
                return False
            last_block = block
            current_index += 1

        return True

    @staticmethod
    def parsed(body):
        return json.loads(body)['length'], json.loads(body)['chain']


*as_published, node = sys.argv[1:]
blockchain = Published() if as_published else Blockchain()
with open(os.devnull, 'w') as nowhere, contextlib.redirect_stdout(nowhere):
    began = time.perf_counter()
    replaced = blockchain.resolve_conflicts([node])
    seconds = time.perf_counter() - began
if not replaced:
    sys.exit('the chain was not taken')
print(seconds)
