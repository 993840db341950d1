"""The wire in OpenAPI 3.1: what laptops may ask and what each answer looks like.

Made from the same models that read and write the messages; docs/protocol.md says what they mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from sync.protocol.messages import (
    ContentsAnswer,
    ContentsRequest,
    DigestAnswer,
    DigestRequest,
    EnrolAnswer,
    EnrolRequest,
    FeedPage,
    Hello,
    HelloAnswer,
    LevelAnswer,
    Problem,
    Receipt,
    ReofferAnswer,
    ReofferRequest,
    WatermarkAnswer,
    WatermarkRequest,
)
from sync.protocol.signing import COUNTER_HEADER, DEVICE_HEADER, NONCE_HEADER, SIGNATURE_HEADER

DESCRIPTION_PATH: Final = "/v1/openapi.json"
_JSON: Final = "application/json"
_BYTES: Final = "application/octet-stream"
_WHOLE: Final = {"type": "integer", "minimum": 0, "maximum": 999_999_999_999}
_NAME: Final = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}


@dataclass(frozen=True, slots=True)
class Described:
    """One request: what goes in, what comes out if it goes well, and how it may be refused."""

    about: str
    asks: type[BaseModel] | str | None = None
    answers: type[BaseModel] | str | None = None
    good: int = 200
    refusals: tuple[int, ...] = ()
    parameters: tuple[Mapping[str, Any], ...] = ()
    is_signed: bool = True


def _query(name: str) -> Mapping[str, Any]:
    return {"name": name, "in": "query", "required": False, "schema": _WHOLE}


def _header(name: str) -> Mapping[str, Any]:
    return {"name": name, "in": "header", "required": True, "schema": _WHOLE}


_AT: Final = {"name": "at", "in": "query", "required": False, "schema": {"type": "string"}}
DESCRIBED: Final[Mapping[tuple[str, str], Described]] = {
    ("POST", "/v1/enrol"): Described(
        "Trade a one-time code for the place of a device.", EnrolRequest, EnrolAnswer,
        refusals=(404, 409, 410, 426), is_signed=False,
    ),
    ("POST", "/v1/hello"): Described("Compare heads and digests.", Hello, HelloAnswer),
    ("GET", "/v1/level"): Described("Whether nothing is new.", None, LevelAnswer,
                                    refusals=(412,), parameters=(_AT,)),
    ("POST", "/v1/batches"): Described(
        "Deliver journal entries: a header line, then one entry a line, gzip over all.",
        _BYTES, Receipt, refusals=(415,),
    ),
    ("POST", "/v1/reoffer"): Described("Bring back notices that a restored office lost.",
                                       ReofferRequest, ReofferAnswer),
    ("POST", "/v1/digest"): Described("Find which records differ.", DigestRequest, DigestAnswer),
    ("POST", "/v1/contents"): Described("Fetch what records say.", ContentsRequest, ContentsAnswer),
    ("GET", "/v1/feed"): Described("Read notices.", None, FeedPage,
                                   parameters=(_query("after"), _query("limit"))),
    ("GET", "/v1/documents/{name}"): Described("Fetch a signed document.", None, _JSON,
                                               refusals=(404,), parameters=(_NAME,)),
    ("GET", "/v1/parts/{name}"): Described("Fetch a part of a document.", None, _BYTES,
                                           refusals=(404,), parameters=(_NAME,)),
    ("HEAD", "/v1/photos/{name}"): Described("How far a photo is.", refusals=(404, 410),
                                             parameters=(_NAME,)),
    ("PATCH", "/v1/photos/{name}"): Described(
        "Add bytes of a photo.", _BYTES, good=204, refusals=(404, 410),
        parameters=(_NAME, _header("Upload-Offset"), _header("Upload-Length")),
    ),
    ("GET", "/v1/watermark"): Described(
        "The newest and the oldest copy of the office.", None, WatermarkAnswer
    ),
    ("POST", "/v1/watermark"): Described(
        "What of these things every kept copy of the office holds.",
        WatermarkRequest,
        WatermarkAnswer,
    ),
    ("GET", "/v1/time"): Described("The office's clock, signed.", None, _JSON, is_signed=False),
    ("GET", "/v1/trust"): Described("The list for checking cards.", None, _JSON, refusals=(404,),
                                    is_signed=False),
}  # fmt: skip
_OF_ALL: Final = (400, 413, 503)
_OF_SIGNED: Final = (401, 403, 409)
_PROOF: Final = {
    "device": DEVICE_HEADER, "counter": COUNTER_HEADER, "nonce": NONCE_HEADER,
    "signature": SIGNATURE_HEADER,
}  # fmt: skip


def description() -> dict[str, Any]:
    """Return the document."""
    models: set[type[BaseModel]] = {Problem}
    for one in DESCRIBED.values():
        models |= {part for part in (one.asks, one.answers) if isinstance(part, type)}
    ordered = sorted(models, key=lambda model: model.__name__)
    _, schemas = models_json_schema(
        [(model, "validation") for model in ordered],
        ref_template="#/components/schemas/{model}",
    )
    paths: dict[str, dict[str, Any]] = {}
    for (method, path), one in DESCRIBED.items():
        paths.setdefault(path, {})[method.lower()] = _operation(one)
    schemes = {
        name: {"type": "apiKey", "in": "header", "name": header}
        for name, header in _PROOF.items()
    }  # fmt: skip
    return {
        "openapi": "3.1.0",
        "info": {"title": "District server", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas["$defs"], "securitySchemes": schemes},
    }


def _operation(one: Described) -> dict[str, Any]:
    operation: dict[str, Any] = {"summary": one.about, "responses": _responses(one)}
    if one.parameters:
        operation["parameters"] = [dict(parameter) for parameter in one.parameters]
    if one.asks is not None:
        operation["requestBody"] = {"required": True, "content": _content(one.asks)}
    if one.is_signed:
        operation["security"] = [{name: [] for name in _PROOF}]
    return operation


def _responses(one: Described) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "done"}
    if one.answers is not None:
        good["content"] = _content(one.answers)
    refused = {*_OF_ALL, *one.refusals, *(_OF_SIGNED if one.is_signed else ())}
    problem = {"description": "refused", "content": _content(Problem)}
    return {str(one.good): good, **{str(status): problem for status in sorted(refused)}}


def _content(kind: type[BaseModel] | str) -> dict[str, Any]:
    if isinstance(kind, str):
        return {kind: {}}
    return {_JSON: {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"}}}
