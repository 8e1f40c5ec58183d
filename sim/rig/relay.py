"""A network between initiators and a library, that can fail.

    relay = Relay(library.port)
    guest.attach(relay.portal, ...)
    relay.cut()     # every connection is reset; new ones are forwarded
    relay.freeze()  # nothing arrives any more, and no connection ends
    relay.close()

A thread forwards the bytes; the methods may be called by any other thread.
"""
import select
import socket
import struct
import threading

# With this option close() sends RST, as a machine does that has forgotten the
# connection.
RESET = struct.pack("ii", 1, 0)


class Relay:
    def __init__(self, port):
        self.port = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.own_port = self.listener.getsockname()[1]
        self.portal = "127.0.0.1:%d" % self.own_port
        self.lock = threading.Lock()
        # From each socket to the one that gets its bytes, and to the function
        # that they go through.
        self.peers, self.through = {}, {}
        self.frozen = False
        self.ended = False
        self.wake, self.waker = socket.socketpair()
        self.thread = threading.Thread(target=self.forward, daemon=True)
        self.thread.start()

    def forward(self):
        while not self.ended:
            with self.lock:
                sockets = [] if self.frozen else [self.listener, *self.peers]
            for ready in select.select([self.wake, *sockets], [], [])[0]:
                with self.lock:
                    self.serve(ready)

    def serve(self, ready):
        """Take what is there from a socket.  Locked."""
        if ready is self.wake:
            self.wake.recv(100)
        elif self.frozen:
            pass
        elif ready is self.listener:
            ours, _ = self.listener.accept()
            theirs = socket.create_connection(("127.0.0.1", self.port))
            self.peers[ours], self.peers[theirs] = theirs, ours
            self.through[ours], self.through[theirs] = self.filters()
        elif ready in self.peers:
            try:
                data = ready.recv(1 << 20)
                if data:
                    self.peers[ready].sendall(self.through[ready](data))
            except OSError:
                data = b""
            if not data:
                self.drop(ready)

    def filters(self):
        """Return what the bytes of a new connection go through: those from the
        initiator, and those to it."""
        return bytes, bytes

    def drop(self, one):
        other = self.peers[one]
        for end in (one, other):
            del self.peers[end], self.through[end]
            end.close()

    def cut(self):
        """Reset every connection."""
        with self.lock:
            for one in list(self.peers):
                one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            while self.peers:
                self.drop(next(iter(self.peers)))
        self.waker.send(b"x")

    def freeze(self):
        """Forward nothing, and accept no connection, from now on."""
        with self.lock:
            self.frozen = True
        self.waker.send(b"x")

    def close(self):
        self.ended = True
        self.waker.send(b"x")
        self.thread.join()
        self.cut()
        for one in (self.listener, self.wake, self.waker):
            one.close()
