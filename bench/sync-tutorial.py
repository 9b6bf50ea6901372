"""The tutorial's own resolve_conflicts, for one neighbour: fetches its chain and validates it in memory.

    python3 bench/sync-tutorial.py http://127.0.0.1:PORT

Left out is what would only slow it down: its print of every block, and its second response.json() for the length.
Prints the seconds from the request to the verdict.
"""
import hashlib
import json
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

    def resolve_conflicts(self, neighbours):
        new_chain = None
        max_length = len(self.chain)

        for node in neighbours:
            response = urlopen(f'{node}/chain')
            if response.status == 200:
                answer = json.loads(response.read())
                length = answer['length']
                chain = answer['chain']
                if length > max_length and self.valid_chain(chain):
                    max_length = length
                    new_chain = chain

        if new_chain:
            self.chain = new_chain
            return True
        return False


began = time.perf_counter()
replaced = Blockchain().resolve_conflicts(sys.argv[1:])
seconds = time.perf_counter() - began
if not replaced:
    sys.exit('the chain was not taken')
print(seconds)
