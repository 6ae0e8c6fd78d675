"""schemas/asyncapi.yaml: which message an event's name is, and whether one is as it says."""
import functools
import re
import warnings

import jsonschema
import yaml

import cloudevent

PATH = cloudevent.SCHEMAS / "asyncapi.yaml"


@functools.cache
def document():
    return yaml.safe_load(PATH.read_text(encoding="utf-8"))


def event_names():
    """The names of the events an agency may get, as the document lists them."""
    refs = document()["components"]["messages"]["event"]["oneOf"]
    return [ref["$ref"].rsplit("/", 1)[1] for ref in refs]


@functools.cache
def validator(name):
    schema = document()["components"]["messages"][name]["payload"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Debian 12's jsonschema knows no other way
        resolver = jsonschema.RefResolver(PATH.as_uri(), schema)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


def complaints(key, event):
    """What is wrong with @event under the routing key @key; empty when nothing is."""
    name = ".".join(key.split(".")[:2])
    organ = key[len(name) + 1:]
    pattern = document()["components"]["parameters"]["organ"]["schema"]["pattern"]
    if name not in event_names():
        return [f"{key}: no message has this name"]
    wrong = [error.message for error in validator(name).iter_errors(event)]
    return wrong if re.search(pattern, organ) else [*wrong, f"{organ}: no organ id"]
