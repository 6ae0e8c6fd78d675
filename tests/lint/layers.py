"""Who may include whom: the map of docs/ARCHITECTURE.md, enforced.

layer    an include against the direction of the map, or a folder that is not on it
path     an include that is not written in full from the project's root
library  a library's header outside its home, or in any header of ours
pure     the model and the rules reaching for a clock, a file or a socket
"""
import re

from lintlib import PRODUCT, Complaint, code_only, files, line_of, main

CODES = {"layer", "path", "library", "pure"}

# A folder, and the folders it may include besides itself.
BELOW_FLOW = {"gateway/base", "gateway/model", "gateway/rules", "queue", "adapters",
              "gateway/ledger", "schemas"}
BELOW_CONFIG = BELOW_FLOW | {"gateway/flow"}
BELOW_WEB = BELOW_CONFIG | {"gateway/config"}
MAP = {
    "gateway/base": set(),
    "gateway/model": {"gateway/base"},
    "gateway/rules": {"gateway/base", "gateway/model"},
    "queue": {"gateway/base", "schemas"},
    "adapters": {"gateway/base", "gateway/model", "queue", "schemas"},
    "gateway/ledger": {"gateway/base", "gateway/model", "gateway/rules", "schemas"},
    "gateway/flow": BELOW_FLOW,
    "gateway/config": BELOW_CONFIG,
    "gateway/web": BELOW_WEB,
    "gateway/report": BELOW_WEB,
    "gateway/cli": BELOW_WEB | {"gateway/web", "gateway/report"},
}

# A library: what its headers are called, and the places whose .c files may use them.
HOMES = {
    "libxml2": (r"libxml/", r"adapters/|gateway/cli/bench_parse"),
    "SQLite": (r"sqlite3", r"gateway/ledger/|queue/|gateway/cli/bench_bare"),
    "rabbitmq-c": (r"amqp|rabbitmq-c/", r"queue/"),
    "libyaml": (r"yaml\.h", r"gateway/config/"),
    "Jansson": (r"jansson", r"gateway/model/|gateway/ledger/|adapters/|gateway/web/|gateway/cli/render"),
    "utf8proc": (r"utf8proc", r"gateway/base/"),
    "libmicrohttpd": (r"microhttpd", r"gateway/web/|gateway/cli/bench_http_bare"),
    "libcurl": (r"curl/", r"adapters/"),
    "OpenSSL": (r"openssl/", r"gateway/base/|gateway/ledger/|adapters/|queue/"),
}

# C and the system: no library's, so at home everywhere (but see PURE).
SYSTEM = re.compile(
    r"(sys|linux|netinet|arpa|net)/.*|(assert|ctype|dirent|endian|errno|fcntl|float|ftw|"
    r"getopt|glob|inttypes|libgen|limits|locale|malloc|math|netdb|poll|pthread|regex|sched|"
    r"signal|spawn|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdio_ext|"
    r"stdlib|stdnoreturn|string|strings|sysexits|syslog|termios|threads|time|uchar|unistd|wchar|"
    r"wctype)\.h")

PURE = {"gateway/model", "gateway/rules"}
IMPURE = re.compile(r"(sys|linux|netinet|arpa|net)/.*|"
                    r"(time|unistd|fcntl|dirent|poll|netdb|pthread|threads|signal)\.h")

INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)', re.MULTILINE)


def folder_of(path):
    """`gateway/base/err.h` is in `gateway/base`, `queue/amqp/x.h` in `queue`."""
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] == "gateway" else parts[0]


def judge_ours(path, target):
    home, other = folder_of(path), folder_of(target)
    if "/" not in target or target.startswith("."):
        return "path", f'write "{target}" in full, from the project\'s root'
    if home not in MAP:
        return "layer", f"{home} is not on the map"
    if other != home and other not in MAP[home]:
        return "layer", f"{home} may not know {other}"
    return None


def judge_system(path, target):
    for name, (header, home) in HOMES.items():
        if not re.match(header, target):
            continue
        if path.endswith(".h"):
            return "library", f"{name} is shown by a header; hide it behind a type of ours"
        if not re.match(home, path):
            return "library", f"{name} is used outside its home ({home})"
        return None
    if not SYSTEM.fullmatch(target):
        return "library", f"<{target}> has no home yet: name one in tests/lint/layers.py"
    if folder_of(path) in PURE and IMPURE.fullmatch(target):
        return "pure", f"<{target}>: facts come in as arguments here"
    return None


def check(root):
    for file in files(root, PRODUCT, ".c", ".h"):
        path = file.relative_to(root).as_posix()
        text = code_only(file.read_text(encoding="utf-8"), keep_strings=True)
        for match in INCLUDE.finditer(text):
            judge = judge_ours if match.group(1) == '"' else judge_system
            verdict = judge(path, match.group(2))
            if verdict:
                yield Complaint(path, line_of(text, match.start()), *verdict)


if __name__ == "__main__":
    main(check)
