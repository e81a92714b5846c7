"""Checks a JSON value against the part of JSON Schema that the interface's description uses.

A keyword it does not know is an error: nothing in the description goes unchecked.
"""

from typing import Any

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
WORDS = {"title", "description", "default", "format", "example", "examples", "maxLength", "minLength"}
WORDS |= {"maxItems", "minimum", "exclusiveMaximum"}
CHECKED = {
    "type",
    "properties",
    "required",
    "items",
    "anyOf",
    "additionalProperties",
    "enum",
    "const",
    "$ref",
}


def problems(value: Any, schema: dict[str, Any], whole: dict[str, Any], where: str = "$") -> list[str]:
    """Where the value is not as described; empty when it is."""
    unknown = set(schema) - WORDS - CHECKED
    if unknown:
        return [f"{where}: keywords not checked: {sorted(unknown)}"]
    if "$ref" in schema:
        return problems(value, resolve(schema["$ref"], whole), whole, where)
    if "anyOf" in schema:
        tried = [problems(value, option, whole, where) for option in schema["anyOf"]]
        return [] if any(not found for found in tried) else [f"{where}: fits none of {len(tried)} forms"]
    if ("enum" in schema and value not in schema["enum"]) or ("const" in schema and value != schema["const"]):
        return [f"{where}: {value!r} is not among the values"]
    wanted = TYPES.get(schema.get("type", ""), (object,))
    if not isinstance(value, wanted) or (
        isinstance(value, bool) and bool not in wanted and object not in wanted
    ):
        return [f"{where}: {type(value).__name__} instead of {schema['type']}"]
    if isinstance(value, list):
        inside = [problems(item, schema.get("items", {}), whole, f"{where}[]") for item in value]
        return [problem for found in inside for problem in found]
    return of_object(value, schema, whole, where) if isinstance(value, dict) else []


def of_object(value: dict[str, Any], schema: dict[str, Any], whole: dict[str, Any], where: str) -> list[str]:
    known: dict[str, Any] = schema.get("properties", {})
    other = schema.get("additionalProperties", not known)
    found = [f"{where}.{name} is missing" for name in schema.get("required", ()) if name not in value]
    for name, item in value.items():
        if name in known:
            found += problems(item, known[name], whole, f"{where}.{name}")
        elif not other:
            found.append(f"{where}.{name} is not described")
        elif isinstance(other, dict):
            found += problems(item, other, whole, f"{where}.{name}")
    return found


def resolve(reference: str, whole: dict[str, Any]) -> dict[str, Any]:
    """What `#/components/schemas/X` stands for."""
    found: Any = whole
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    assert isinstance(found, dict)
    return found
