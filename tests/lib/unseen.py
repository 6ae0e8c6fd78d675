"""No secret is shown: all that a gateway has said, what its commands answer now, and every
file of its folder are searched for those that it was given."""
import base64

COMMANDS = [["check"], ["check", "--connect"], ["outbox"], ["outbox", "--sinks"], ["tasks"],
            ["explain", "NV-1"], ["suggestions"], ["quarantine", "list"],
            ["dead-letter", "list"], ["topology"], ["verify"], ["version"]]
WEBHOOK = "whsec_"  # what stands before such a secret says nothing


def ask_everything(gateway):
    """Its commands' answers, in both ways they are given, become part of what it said."""
    for words in COMMANDS:
        for as_json in (True, False):
            gateway.command(*words, as_json=as_json)


def forms(secret):
    """How it might stand there."""
    plain = secret.removeprefix(WEBHOOK).encode()
    yield plain
    yield base64.b64encode(plain)
    if secret.startswith(WEBHOOK):
        yield base64.b64decode(plain)


def places(gateway):
    """What there is to be seen. Not its configuration, nor the files given as secrets."""
    yield "what it said", "\n".join(gateway.said).encode()
    for path in gateway.folder.rglob("*"):
        if path.is_file() and path not in (gateway.config, *gateway.secret_files):
            yield path, path.read_bytes()


def check(gateway):
    for place, content in places(gateway):
        for secret in gateway.secrets:
            if any(form in content for form in forms(secret)):
                raise AssertionError(f"{place} shows the secret {secret}")
