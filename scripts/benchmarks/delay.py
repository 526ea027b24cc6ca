"""A way to a server that takes longer: what comes in on one side goes out on the other after a delay."""
import collections
import socket
import threading
import time

CHUNK = 2**20

# What may be under way in each direction: far more than SSH has, whose windows are a few MiB.
UNDER_WAY = 256 * 2**20


class _Pipe:
    """One direction of a connection: a thread takes in, another gives out what has been under way long enough."""

    def __init__(self, source, target, delay):
        self.source, self.target, self.delay = source, target, delay
        self.under_way, self.size = collections.deque(), 0
        self.changed = threading.Condition()
        for work in self.take_in, self.give_out:
            threading.Thread(target=work, daemon=True).start()

    def take_in(self):
        while True:
            try:
                data = self.source.recv(CHUNK)
            except OSError:
                data = b""
            with self.changed:
                self.under_way.append((time.perf_counter() + self.delay, data))
                self.size += len(data)
                self.changed.notify_all()
                self.changed.wait_for(lambda: self.size < UNDER_WAY)
            if not data:
                return

    def give_out(self):
        while True:
            with self.changed:
                self.changed.wait_for(lambda: self.under_way)
                due, data = self.under_way.popleft()
                self.size -= len(data)
                self.changed.notify_all()
            left = due - time.perf_counter()
            if left > 0:
                time.sleep(left)
            try:
                if data:
                    self.target.sendall(data)
                else:
                    self.target.shutdown(socket.SHUT_WR)
            except OSError:
                self.source.close()
                return
            if not data:
                return


class DelayedWay:
    """Listens on a loopback port, and leads to another one with so many seconds in each direction."""

    def __init__(self, port, delay, host="127.0.0.1"):
        self.to, self.delay = (host, port), delay
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            far = socket.create_connection(self.to)
            for end in near, far:
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            _Pipe(near, far, self.delay)
            _Pipe(far, near, self.delay)

    def close(self):
        self.listener.close()
