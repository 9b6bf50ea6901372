"""Prints a chain as a Python node of the tutorial would make and show it, of values that are odd but honest.

Standard library only, and the tutorial's own ways: hash is json.dumps(sort_keys=True), the proof begins with 0000.
The head's hash goes to stderr. With --raw, text is not escaped.
"""
import hashlib
import json
import sys


def hash_of(block):
    return hashlib.sha256(json.dumps(block, sort_keys=True).encode()).hexdigest()


def valid_proof(last_proof, proof):
    return hashlib.sha256(f'{last_proof}{proof}'.encode()).hexdigest()[:4] == '0000'


def proof_of_work(last_proof):
    proof = 0
    while not valid_proof(last_proof, proof):
        proof += 1
    return proof


# Seconds since the epoch: a fraction, whole, not in order, floats that are whole, no clock's at all.
TIMESTAMPS = [1713205842.8947453, 1713205939, 1713205800, 5.0, 0, 1e16, 1.5e-07]
NAMES = ['alice', 'Jörg', '小明😀', 'del\x7fete', 'line\u2028end\u0000"\\/', '\U0010ffff', ' ']
AMOUNTS = [5, 5.0, 0.1, 1e16, 1e-05, 123456789012345678901234567890, 9007199254740993, 1e100, 2.5e-320]


def main():
    chain = [{'index': 1, 'timestamp': TIMESTAMPS[0], 'transactions': [], 'proof': 100, 'previous_hash': 1}]
    for number, timestamp in enumerate(TIMESTAMPS[1:]):
        last = chain[-1]
        payments = [
            {'sender': NAMES[(number + at) % len(NAMES)], 'recipient': NAMES[(number + 2 * at + 1) % len(NAMES)], 'amount': amount}
            for at, amount in enumerate(AMOUNTS)
        ]
        chain.append({
            'index': len(chain) + 1,
            'timestamp': timestamp,
            # The same payment twice: without a nonce nothing tells them apart, and the tutorial does not ask.
            'transactions': payments + payments[:1] + [{'sender': '0', 'recipient': NAMES[number % len(NAMES)], 'amount': 1}],
            'proof': proof_of_work(last['proof']),
            'previous_hash': hash_of(last),
        })
    text = json.dumps({'chain': chain, 'length': len(chain)}, ensure_ascii='--raw' not in sys.argv)
    sys.stdout.buffer.write(text.encode())
    print(hash_of(chain[-1]), file=sys.stderr)


main()
