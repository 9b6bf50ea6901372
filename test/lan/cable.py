"""A cable between two network devices: what the first end sends may be late, lost or stopped.

    python3 cable.py DEVICE OTHER SEED

Each line of the standard input is a JSON object with new settings: delay_ms and loss (0 to 1) for what comes from
DEVICE, as netem on it would do; blocked, a list of TCP ports on which nobody gets through to DEVICE
(0: nobody begins a connection to it, on whichever port).
Frames are carried with their offload header, so that unfinished checksums and large segments arrive as they left.
"""
import heapq
import json
import random
import select
import socket
import sys
import time

SOL_PACKET, PACKET_VNET_HDR, PACKET_OUTGOING, ETH_P_ALL, VNET_HDR = 263, 15, 4, 3, 10
BIGGEST = 1 << 17


def opened(device):
    end = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    end.setsockopt(SOL_PACKET, PACKET_VNET_HDR, 1)
    end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    end.bind((device, ETH_P_ALL))
    end.setblocking(False)
    return end


def blocked(packet, ports):
    frame = packet[VNET_HDR:]
    if not ports or frame[12:14] != b"\x08\x00" or frame[23] != 6:
        return False
    tcp = 14 + (frame[14] & 15) * 4
    port = int.from_bytes(frame[tcp + 2:tcp + 4], "big")
    begins = frame[tcp + 13] & 0x12 == 0x02
    return port in ports or (0 in ports and begins)


def main():
    near, far = opened(sys.argv[1]), opened(sys.argv[2])
    dice = random.Random(int(sys.argv[3]))
    settings = {"delay_ms": 0, "loss": 0, "blocked": []}
    waiting, count = [], 0

    def send(end, packet):
        try:
            end.send(packet)
        except OSError:
            pass  # the other end is down, or full: a frame lost, as on any cable

    print("ready", flush=True)
    while True:
        pause = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        readable, _, _ = select.select([near, far, sys.stdin], [], [], pause)
        for end in readable:
            if end is sys.stdin:
                line = sys.stdin.readline()
                if not line:
                    return
                settings.update(json.loads(line))
                print("set", flush=True)
                continue
            try:
                packet, address = end.recvfrom(BIGGEST)
            except OSError:
                continue  # an end went down, or there was nothing after all
            if address[2] == PACKET_OUTGOING:
                continue
            if end is far:
                if not blocked(packet, settings["blocked"]):
                    send(near, packet)
            elif dice.random() >= settings["loss"]:
                count += 1
                heapq.heappush(waiting, (time.monotonic() + settings["delay_ms"] / 1000, count, packet))
        while waiting and waiting[0][0] <= time.monotonic():
            send(far, heapq.heappop(waiting)[2])


main()
