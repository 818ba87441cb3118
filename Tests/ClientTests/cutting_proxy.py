"""A line that breaks on demand: a TCP proxy that can be slowed, cut and healed, and counts what went through it."""

import socket
import threading
import time


class CuttingProxy:
    def __init__(self, host, port):
        self.target = (host, port)
        #: Bytes a second towards the server, for all connections together; None for as fast as it goes.
        self.pace = None
        #: Seconds that everything waits on its way, in both directions.
        self.delay = 0
        #: Nothing goes through, and nobody is told: as when a cable is pulled.
        self.is_silent = False
        #: After so many further bytes the line is cut by itself.
        self.cut_after = None
        self.sent = 0
        self.is_cut = False
        self.cuts = 0
        self._lock = threading.Lock()
        self._open = set()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        # A narrow line: the sender's progress is what has really gone, not what the kernel holds.
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 32768)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._ended = False
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """Breaks all connections as a lost network does; new ones are refused until it is healed."""
        with self._lock:
            self.is_cut = True
            self.cuts += 1
            self.cut_after = None
            broken = list(self._open)
        for one in broken:
            self._break(one)

    def heal(self):
        self.is_cut = self.is_silent = False
        self.delay = 0
        self.cut_after = None

    def close(self):
        self._ended = True
        self._listener.close()
        self.cut()

    @staticmethod
    def _break(one):
        try:
            # RST rather than FIN: nobody takes it for an orderly end.
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            one.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        one.close()

    def _accept(self):
        while not self._ended:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.is_cut:
                self._break(client)
                continue
            try:
                server = socket.create_connection(self.target, timeout=30)
            except OSError:
                self._break(client)
                continue
            server.settimeout(None)
            with self._lock:
                self._open |= {client, server}
            threading.Thread(target=self._carry, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._carry, args=(server, client, False), daemon=True).start()

    def _carry(self, source, sink, upwards):
        try:
            while True:
                content = source.recv(16384)
                if not content:
                    break
                if self.delay:
                    time.sleep(self.delay)
                while self.is_silent and not self.is_cut:
                    time.sleep(0.02)
                if upwards:
                    with self._lock:
                        self.sent += len(content)
                        is_over = self.cut_after is not None and self.sent >= self.cut_after
                    if is_over:
                        self.cut()
                        return
                    if self.pace:
                        time.sleep(len(content) / self.pace)
                sink.sendall(content)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            for one in (source, sink):
                self._break(one)
        finally:
            with self._lock:
                self._open.discard(source)
