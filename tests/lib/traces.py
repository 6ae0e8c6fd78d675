"""A trace context, and how strangers send it: what is carried on is the same of each."""
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
LATER = "01" + TRACE[2:] + "-"
SENT = {
    "as it is": TRACE.encode(),
    "256 bytes": LATER.encode().ljust(256, b"x"),
    "a line end": f"{LATER}more\r\n more".encode(),
    "bad UTF-8": LATER.encode() + b"\xc3\xff\xfe",
}
NONE = b"00-nonsense-01"
