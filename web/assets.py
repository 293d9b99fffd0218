"""Style sheets and pictures of the pages: kept for a year, under an address with a version."""

import re
from functools import cache
from hashlib import blake2b
from mimetypes import guess_type
from pathlib import Path

from flask import Blueprint, Response, request, send_from_directory, url_for
from werkzeug.security import safe_join

FOLDER = Path(__file__).resolve().parent / "static"
YEAR = 365 * 86400
TOKEN = re.compile(r"--([a-z0-9-]+): ([^;]+);")

blueprint = Blueprint("assets", __name__)


@cache
def version() -> str:
    """Changes with any file of the folder."""
    digest = blake2b(digest_size=6)
    for path in sorted(FOLDER.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(FOLDER).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def asset(name: str) -> str:
    """Address of a file in web/static, for templates."""
    return url_for("assets.serve", at=version(), name=name)


def _packed(name: str) -> str | None:
    """The file that set-up packed, for browsers that take it."""
    packed = f"{name}.gz"
    takes = "gzip" in request.headers.get("Accept-Encoding", "")
    found = safe_join(str(FOLDER), packed) if takes else None
    return packed if found and Path(found).is_file() else None


@cache
def tokens(*, large: bool = False) -> dict[str, str]:
    """Values of tokens.css by name (`brand`, `tap`), for what is drawn outside our pages and so
    cannot reach them; in large type with those that it changes."""
    usual, _, larger = (FOLDER / "tokens.css").read_text(encoding="utf-8").partition(".large")
    return dict(TOKEN.findall(usual + (larger if large else "")))


@blueprint.get("/static/<at>/<path:name>")
def serve(at: str, name: str) -> Response:
    """One file. Under the address of another version the browser asks again."""
    packed = _packed(name)
    age = YEAR if at == version() else 0
    response = send_from_directory(FOLDER, packed or name, max_age=age,
                                   mimetype=guess_type(name)[0])  # fmt: skip
    if packed:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    if at == version():
        response.cache_control.public = True
        response.cache_control.immutable = True
    return response
