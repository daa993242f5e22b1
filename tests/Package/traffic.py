#!/usr/bin/env python3
"""Traffic from outside while the package is upgraded: an honest client that opens a connection for each request, and a blocked source that sends
datagrams. Runs until standard input closes; then prints two lines of counts.

usage: traffic.py SERVER HONEST BLOCKED
"""
import os
import select
import socket
import sys
import threading
import time

server, honest, blocked = sys.argv[1:]
done = threading.Event()
counts = {"requests": 0, "failed": 0, "sent": 0, "answered": 0}
failures = []


def ask():
    while not done.is_set():
        counts["requests"] += 1
        try:
            with socket.create_connection((server, 80), timeout=10, source_address=(honest, 0)) as connection:
                connection.settimeout(10)
                connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
                if not connection.recv(64).startswith(b"HTTP/"):
                    raise OSError("no answer")
        except OSError as failure:
            counts["failed"] += 1
            failures.append(str(failure))
        time.sleep(0.02)


def send():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.bind((blocked, 0))
        datagrams.setblocking(False)
        while not done.is_set():
            try:
                datagrams.sendto(b"x", (server, 7))
                counts["sent"] += 1
                datagrams.recv(16)
                counts["answered"] += 1
            except BlockingIOError:
                pass
            except OSError:
                counts["answered"] += 1  # A refusal is an answer: the datagram reached the stack.
            time.sleep(0.002)


threads = [threading.Thread(target=ask), threading.Thread(target=send)]
for thread in threads:
    thread.start()
while os.read(0, 1):
    pass
done.set()
for thread in threads:
    thread.join()
print(f"honest {counts['requests']} requests {counts['failed']} failed {'; '.join(failures[:3])}")
print(f"blocked {counts['sent']} sent {counts['answered']} answered")
