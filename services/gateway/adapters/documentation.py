"""The documentation of the API: OpenAPI 3.1, and a page made of it that needs nothing from anywhere else."""

from __future__ import annotations

from html import escape
from typing import Any, Final

from fastapi import APIRouter, FastAPI, Response

from contracts.problems import MEDIA_TYPE, Problem

PROBLEMS: Final[dict[int | str, dict[str, Any]]] = {
    404: {"model": Problem, "description": "NOT-FOUND: nothing is called so; the detail names what was expected."},
    422: {"model": Problem, "description": "QUERY-INVALID: a parameter is no such thing; the detail names it."},
    503: {
        "model": Problem,
        "description": "STORE-AWAY: PostgreSQL does not answer; ask again after Retry-After.",
    },
}
"""How every question can be refused."""

_STYLE: Final = """\
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
h2{margin-top:2.5rem;border-top:1px solid #ccc;padding-top:1rem;font-size:1.1rem}
code{background:#f2f2f2;padding:.1em .3em}
table{border-collapse:collapse;width:100%}
td,th{border:1px solid #ccc;padding:.3rem .5rem;text-align:left;vertical-align:top}
details{margin:.3rem 0}a{color:#0b57a4}"""


def install(app: FastAPI) -> None:
    """Serve ``/docs`` for ``app``, and say in its OpenAPI that refusals are problem details."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            for path in (schema := described())["paths"].values():
                for operation in path.values():
                    _refuse_with_problems(operation)
            app.openapi_schema = schema
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way to extend it
    routes = APIRouter(include_in_schema=False)

    @routes.get("/docs")
    async def docs() -> Response:
        """Every address, its parameters and the shape of its answer, on one page."""
        return Response(page_of(openapi()), media_type="text/html; charset=utf-8")

    app.include_router(routes)


def page_of(schema: dict[str, Any]) -> str:
    """Return the page for an OpenAPI document."""
    paths = "".join(
        _operation(method, path, operation)
        for path, operations in schema["paths"].items()
        for method, operation in operations.items()
    )
    shapes = "".join(_shape(name, shape) for name, shape in sorted(schema["components"]["schemas"].items()))
    title = escape(schema["info"]["title"])
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body><h1>{title}</h1>'
        f'<p>{escape(schema["info"].get("summary", ""))}</p><p><a href="/openapi.json">OpenAPI 3.1</a></p>'
        f"{paths}<h2>Shapes</h2>{shapes}</body></html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    parameters = "".join(
        _row(f"{one['name']} ({one['in']})", _type_of(one["schema"]), one.get("description", ""))
        for one in operation.get("parameters", ())
    )
    answers = "".join(
        _row(status, *(_type_of(content.get("schema", {})) for content in answer.get("content", {}).values()),
             answer["description"])
        for status, answer in sorted(operation["responses"].items())
    )  # fmt: skip
    table = f"<table><tr><th>Parameter<th>Type<th>Meaning</tr>{parameters}</table>" if parameters else ""
    return (
        f"<h2><code>{method.upper()} {escape(path)}</code></h2><p>{escape(operation.get('description', ''))}</p>{table}"
        f"<table><tr><th>Status<th>Shape<th>Meaning</tr>{answers}</table>"
    )


def _shape(name: str, shape: dict[str, Any]) -> str:
    fields = "".join(
        _row(field, _type_of(of_field), of_field.get("description", ""))
        for field, of_field in shape.get("properties", {}).items()
    )
    values = ", ".join(str(value) for value in shape.get("enum", ()))
    return (
        f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary>'
        f"<p>{escape(shape.get('description', ''))} {escape(values)}</p><table>{fields}</table></details>"
    )


def _row(*cells: str) -> str:
    first, *others = cells
    return f"<tr><td><code>{escape(first)}</code>" + "".join(f"<td>{escape(cell)}" for cell in others) + "</tr>"


def _type_of(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " | ".join(_type_of(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        return f"{_type_of(schema['items'])}[]"
    return str(schema.get("format") or schema.get("type") or schema.get("const") or "")


def _refuse_with_problems(operation: dict[str, Any]) -> None:
    for status, answer in operation["responses"].items():
        if not status.startswith("2"):
            # FastAPI gives a refusal the media type of the answer that it takes the place of.
            [content] = answer["content"].values()
            answer["content"] = {MEDIA_TYPE: content}
