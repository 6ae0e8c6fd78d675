"""A wire that can be cut: a TCP proxy between the gateway and its broker.

    with Proxy(host, port) as proxy:
        proxy.cut()      # every connection breaks, new ones are refused
        proxy.stall()    # connections stay and are taken, nothing passes any more
        proxy.mend()     # what comes from now on passes
"""
import socket
import threading


class Proxy:
    def __init__(self, host, port):
        self.peer = (host, port)
        self.lock = threading.Lock()
        self.open, self.threads = set(), []
        self.passing = threading.Event()
        self.passing.set()
        self.connections = 0  # how many it ever took
        self._listen(0)
        self.port = self.listener.getsockname()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.cut()
        self.passing.set()
        for thread in self.threads:
            thread.join()

    def cut(self):
        self._unlisten()
        with self.lock:
            doomed = list(self.open)
        for end in doomed:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # its other end was quicker

    def stall(self):
        self.passing.clear()

    def mend(self):
        """Let pass again; what stalled until now is cut, as after a long silence."""
        if not self.passing.is_set():
            self.cut()
            self.passing.set()
        if self.listener is None:
            self._listen(self.port)

    def _listen(self, port):
        self.listener = socket.create_server(("127.0.0.1", port))
        thread = threading.Thread(target=self._accept, args=[self.listener])
        thread.start()
        self.threads.append(thread)

    def _unlisten(self):
        listener, self.listener = self.listener, None
        if listener:
            listener.shutdown(socket.SHUT_RDWR)  # wakes its thread
            listener.close()

    def _accept(self, listener):
        while True:
            try:
                near, _ = listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(self.peer)
            except OSError:
                near.close()
                continue
            with self.lock:
                self.connections += 1
                self.open |= {near, far}
            for ends in ((near, far), (far, near)):
                thread = threading.Thread(target=self._pump, args=ends)
                thread.start()
                self.threads.append(thread)

    def _pump(self, source, target):
        try:
            while piece := source.recv(65536):
                self.passing.wait()
                target.sendall(piece)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        with self.lock:
            self.open.discard(source)
        source.close()
