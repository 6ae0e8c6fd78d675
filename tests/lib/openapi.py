"""Is an answer what schemas/openapi.yaml promises, and a request what it asks for? For tests of
whatever asks over HTTP."""

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


def complain_of_json(schema, body):
    checker = jsonschema.Draft202012Validator(schema, resolver=resolver())
    return ["/".join(map(str, error.absolute_path)) + ": " + error.message
            for error in checker.iter_errors(json.loads(body))]


def complain_of_body(response, headers, body):
    kind = headers.get("Content-Type", "").split(";")[0]
    content = response["content"].get(kind)
    if content is None:
        return [f"the type {kind}"]
    if kind == "text/plain" or not body:
        return []
    return complain_of_json(content["schema"], body)


def request_complaints(method, path, headers, body):
    """The same of a request: what is described is all that may be taken."""
    described = (operation_of(method, path) or {}).get("requestBody", {})
    content = described.get("content", {})
    kind = headers.get("Content-Type", next(iter(content)) if len(content) == 1 else "")
    kind = re.sub(r".*\+(xml|json)$", r"application/\1", kind.split(";")[0].lower())
    if not body:
        return ["no body"] if described.get("required") else []
    if not content or kind and kind not in content:
        return [f"a body of the type {kind}"]
    if kind != "application/json":
        return []
    try:
        return complain_of_json(content[kind]["schema"], body)
    except ValueError:
        return ["no JSON"]


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
