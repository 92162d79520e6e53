"""Attentive's OpenAPI files, cut down to what the sandbox answers and made strict, behind one check."""

from __future__ import annotations

import copy
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx

HOST = "https://api.attentivemobile.com"
VERSIONS = {"openapi-v1.yaml": "/v1", "openapi-v2.yaml": ""}
"""Each file with what stands in front of its paths on the host."""

BEARER = {"type": "http", "scheme": "bearer"}
SECURITY = {"OAuthFlow": BEARER, "bearerAuth": BEARER}
"""Both schemes of the files end in a bearer token, which openapi-core can look for; it knows no OAuth."""


class Contract:
    """The operations of both files by method and full path, and openapi-core to check against them.

    Stricter than the files are: an object that lists its properties may have no other, so that a misspelt field, which
    the files would let pass, is found in what we send and in what the sandbox answers.
    """

    def __init__(self, paths: Mapping[str, Mapping[str, Any]]) -> None:
        from openapi_core import OpenAPI  # noqa: PLC0415 - slow to import, and not needed where the test is skipped

        self.paths = paths
        self._checker = OpenAPI.from_dict(
            {
                "openapi": "3.0.3",
                "info": {"title": "Attentive", "version": "1"},
                "servers": [{"url": HOST}],
                "paths": paths,
                "components": {"securitySchemes": SECURITY},
            }
        )

    def declares(self, method: str, path: str, status: int) -> bool:
        """Whether an operation lists a status."""
        return str(status) in self.paths[path][method.lower()]["responses"]

    def check_request(self, request: httpx.Request) -> None:
        """Raise where a request isn't as declared: path, parameters, security, body."""
        self._checker.validate_request(_request(request))

    def check_response(self, response: httpx.Response) -> None:
        """Raise where a response isn't as declared: status, content type, body."""
        self._checker.validate_response(_request(response.request), _response(response))


def _request(request: httpx.Request) -> Any:
    from openapi_core.testing import MockRequest  # noqa: PLC0415 - as above

    return MockRequest(
        HOST,
        request.method,
        request.url.raw_path.decode().partition("?")[0],
        args=dict(request.url.params),
        headers=dict(request.headers),
        data=request.content or None,
        content_type=request.headers.get("content-type", ""),
    )


def _response(response: httpx.Response) -> Any:
    from openapi_core.testing import MockResponse  # noqa: PLC0415 - as above

    content_type = response.headers.get("content-type", "application/json")
    return MockResponse(response.content, response.status_code, dict(response.headers), content_type)


@pytest.fixture(scope="session")
def contract() -> Contract:
    """Read the files once; skip where the environment doesn't say where they are."""
    folder = os.environ.get("ATTENTIVE_CONTRACT", "")
    if not folder:
        pytest.skip("ATTENTIVE_CONTRACT doesn't name the folder of Attentive's OpenAPI files")
    paths: dict[str, Any] = {}
    for name, prefix in VERSIONS.items():
        spec = yaml.load((Path(folder) / name).read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
        wanted = {path: item for path, item in spec["paths"].items() if _is_answered(prefix + path)}
        paths |= {prefix + path: _strict(_inlined(item, spec)) for path, item in wanted.items()}
    _mend(paths)
    return Contract(paths)


def _is_answered(path: str) -> bool:
    from deployer.sandbox.routes import ROUTES  # noqa: PLC0415 - the sandbox isn't needed to collect the tests

    return any(route.path == path for route in ROUTES)


def _inlined(node: Any, spec: Any) -> Any:
    """Copy a part of a file with each ``$ref`` replaced by what it stands for; nothing that we use refers to itself."""
    if isinstance(node, list):
        return [_inlined(item, spec) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        target = spec
        for part in node["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        return _inlined(target, spec)
    return {key: _inlined(value, spec) for key, value in node.items() if not key.startswith("x-")}


def _strict(node: Any) -> Any:
    if isinstance(node, list):
        return [_strict(item) for item in node]
    if not isinstance(node, dict):
        return node
    strict = {key: _strict(value) for key, value in node.items()}
    if node.get("type") == "object" and "properties" in node:
        strict.setdefault("additionalProperties", False)
    return strict


def _mend(paths: dict[str, Any]) -> None:
    """Let the answer to GET /v1/attributes/custom list ``attribute``, which it requires and doesn't describe."""
    answer = paths["/v1/attributes/custom"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    entry = answer["items"]
    assert "attribute" in entry["required"]
    assert "attribute" not in entry["properties"]
    entry["properties"]["attribute"] = copy.deepcopy(entry["properties"]["name"])
