"""Is a CloudEvent what schemas/ promises? For tests of whatever tells the world."""

import functools
import json
import pathlib
import warnings

import jsonschema

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "schemas"


@functools.cache
def validator():
    path = SCHEMAS / "cloudevent.schema.json"
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Debian 12's jsonschema knows no other way
        resolver = jsonschema.RefResolver(path.as_uri(), schema)
    return jsonschema.Draft202012Validator(schema, resolver=resolver)


def complaints(event):
    """One text for each thing that is wrong with `event`; empty when nothing is."""
    return [
        "/".join(map(str, error.absolute_path)) + ": " + error.message
        for error in validator().iter_errors(event)
    ]
