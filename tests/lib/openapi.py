"""Is an answer what schemas/openapi.yaml promises? For tests of whatever asks over HTTP."""

import functools
import json
import pathlib
import re
import warnings

import jsonschema
import yaml

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "schemas"
BASE = (SCHEMAS / "openapi.yaml").as_uri()


@functools.cache
def description():
    return yaml.safe_load((SCHEMAS / "openapi.yaml").read_text(encoding="utf-8"))


def routes():
    """METHOD and path of everything described."""
    return {(method.upper(), path) for path, item in description()["paths"].items()
            for method in item}


@functools.cache
def resolver():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Debian 12's jsonschema knows no other way
        return jsonschema.RefResolver(BASE, description())


def resolved(thing):
    if "$ref" in thing:
        return resolver().resolve(thing["$ref"])[1]
    return thing


def operation_of(method, path):
    """What is described for METHOD and a real path; None: nothing is."""
    method = {"HEAD": "get"}.get(method, method.lower())
    for pattern, item in description()["paths"].items():
        if re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", pattern), path):
            return item.get(method) or next(iter(item.values()))
    return None


def complain_of_body(response, headers, body):
    kind = headers.get("Content-Type", "").split(";")[0]
    content = response["content"].get(kind)
    if content is None:
        return [f"the type {kind}"]
    if kind == "text/plain" or not body:
        return []
    checker = jsonschema.Draft202012Validator(content["schema"], resolver=resolver())
    return ["/".join(map(str, error.absolute_path)) + ": " + error.message
            for error in checker.iter_errors(json.loads(body))]


def complaints(method, path, status, headers, body):
    """One text for each thing that is wrong with an answer; empty when nothing is."""
    operation = operation_of(method, path)
    if operation is None:
        return [] if status == 404 else [f"{path} is not described"]
    if str(status) not in operation["responses"]:
        return [f"the status {status}"]
    response = resolved(operation["responses"][str(status)])
    wrong = [f"the header {name}" for name, header in response.get("headers", {}).items()
             if not re.search(header["schema"].get("pattern", ""), headers.get(name, "\0"))
             or name not in headers]
    return wrong + complain_of_body(response, headers, body)
