"""What broker.sh cannot do in shell: find free ports, and wait until AMQP answers."""
import socket
import sys
import time


def free_ports(count):
    """Ports that were free a moment ago; all held at once, so they differ."""
    held = [socket.socket() for _ in range(count)]
    for s in held:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in held]
    for s in held:
        s.close()
    return ports


def answers(port):
    """Does a broker say connection.start? RabbitMQ listens last of all."""
    try:
        with socket.create_connection(("127.0.0.1", port), 1) as s:
            s.settimeout(2)
            s.sendall(b"AMQP\x00\x00\x09\x01")
            return s.recv(1) == b"\x01"
    except OSError:
        return False


def alive(pid):
    """A dead child nobody waited for is not alive."""
    try:
        with open(f"/proc/{pid}/stat") as f:
            return f.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def listens(port):
    try:
        with socket.create_connection(("127.0.0.1", port), 1):
            return True
    except OSError:
        return False


def wait(port, management, pid, seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end and alive(pid):
        if answers(port) and listens(management):
            return True
        time.sleep(0.05)
    return False


if __name__ == "__main__":
    if sys.argv[1] == "ports":
        print(*free_ports(int(sys.argv[2])))
    else:
        sys.exit(0 if wait(*map(int, sys.argv[2:6])) else 1)
