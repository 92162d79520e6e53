"""Why an object store didn't answer as hoped, in words: obstore's errors become ``StateError``s.

Only the kind of error, its code and its status are taken from an answer, never its body, which may repeat the request.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from deployer.state.errors import StateError, UnreadableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from deployer.state.objects.place import Place

Doing = Literal["read", "written", "locked"]
"""What couldn't be done, as messages say it."""

_CREDENTIALS: Mapping[str, str] = {
    "s3": (
        "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (`aws configure export-credentials --format env` prints them "
        "from a profile), or run where AWS gives a role"
    ),
    "az": (
        "set AZURE_STORAGE_ACCOUNT_NAME with AZURE_STORAGE_ACCOUNT_KEY, AZURE_STORAGE_SAS_TOKEN or a service "
        "principal's AZURE_CLIENT_ID, AZURE_CLIENT_SECRET and AZURE_TENANT_ID"
    ),
}
_PERMISSIONS: Mapping[str, str] = {
    "s3": (
        "allow s3:GetObject and s3:PutObject on `{prefix}*` and s3:ListBucket on the bucket: without the last S3 calls "
        "what doesn't exist yet forbidden"
    ),
    "az": "give the role Storage Blob Data Contributor on the container",
}
_ENDPOINTS: Mapping[str, str] = {"s3": "AWS_ENDPOINT_URL", "az": "AZURE_STORAGE_ENDPOINT"}

_CASES: tuple[tuple[str, str, str], ...] = (
    # Asking a cloud's own machines for a role comes last in the search for credentials: none were set.
    (r"169\.254\.169\.254|latest/(api|meta-data)|TokenRequest", "no credentials were found", "{credentials}"),
    (r"MissingAccount", "no storage account is named", "set AZURE_STORAGE_ACCOUNT_NAME"),
    (r"InvalidAccessKey \{", "AZURE_STORAGE_ACCOUNT_KEY isn't a key: it is no base64", "{credentials}"),
    (
        r"NoSuchBucket|ContainerNotFound|InvalidBucketName",
        "there is no {noun} `{bucket}`",
        "create it or correct the URL; deployer creates no {noun}",
    ),
    (
        r"RequestTimeTooSkewed|Request date header",
        "this machine's clock is too far from the store's",
        "set the clock right",
    ),
    (r"ExpiredToken|token has expired", "the credentials have expired", "get fresh ones; {credentials}"),
    (
        r"InvalidAccessKeyId|SignatureDoesNotMatch|InvalidToken|[Ff]ailed to authenticate|Unauthenticated",
        "the credentials aren't accepted{code}",
        "{credentials}",
    ),
    (r"PermissionDenied|status: 403", "the credentials don't allow it{code}", "{permissions}"),
    (
        r"without LOCATION|PermanentRedirect|AuthorizationHeaderMalformed",
        "the bucket is in another region",
        "set AWS_REGION to the bucket's region",
    ),
    (r"BadScheme", "its endpoint is plain http", "set {endpoint} to an https URL; http is for this machine only"),
    (r"kind: Timeout|timed out|TimedOut", "it didn't answer in time", "try again; check the network and {endpoint}"),
    (
        r"kind: Connect|kind: Request|error sending request",
        "it can't be reached",
        "check the network, the proxy and {endpoint}",
    ),
    (
        r"status: 501|NotImplemented",
        "the store doesn't know conditional writes",
        "keep state in a store that does, or in git: without them two runs could overwrite each other",
    ),
    (r"status: 5\d\d|Server returned error response", "the store has trouble{code}", "try again in a while"),
    (
        r"FileNotFoundError|ETag Header missing|NoETag",
        "what answers doesn't seem to be an object store{code}",
        "check the URL and {endpoint}: it may be a proxy or a web page",
    ),
)
"""What obstore's text looks like, what happened, what to do; the first that fits counts."""


def failure(error: Exception, place: Place, doing: Doing) -> StateError:
    """Say what went wrong while state in ``place`` should have been read, written or locked."""
    text = f"{type(error).__name__} {error}"
    what, hint = next(
        ((what, hint) for pattern, what, hint in _CASES if re.search(pattern, text)),
        (_first_line(error), "check the URL, the credentials and {endpoint}"),
    )
    words = _words(place, text)
    kind = UnreadableError if doing == "read" else StateError
    return kind(f"state `{place}` can't be {doing}: {_fill(what, words)}", _fill(hint, words))


def _words(place: Place, text: str) -> dict[str, str]:
    code = re.search(r"<Code>(\w+)</Code>", text)
    status = re.search(r"status(?: code)?: (\d{3})", text)
    match = code or status
    return {
        "noun": place.noun,
        "bucket": place.bucket,
        "prefix": place.key(""),
        "code": f" ({match[1]})" if match else "",
        "credentials": _CREDENTIALS[place.scheme],
        "permissions": _PERMISSIONS[place.scheme],
        "endpoint": _ENDPOINTS[place.scheme],
    }


def _fill(template: str, words: Mapping[str, str]) -> str:
    """Put words in for their names in braces, twice: a hint may bring one with it. Other braces stay."""
    for _ in range(2):
        template = re.sub(r"\{(\w+)\}", lambda match: words.get(match[1], match[0]), template)
    return template


def _first_line(error: Exception) -> str:
    """What obstore says before it repeats an answer's body."""
    line = re.split(r"[\n<{]", str(error), maxsplit=1)[0].rstrip(": ")
    return (line or type(error).__name__) + "{code}"
