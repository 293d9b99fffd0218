"""The access log: who came in, who looked at what is hidden, who changed what others may do.

网络安全法 第二十一条 asks for logs of at least six months; 个人信息保护法 第五十一条 for a
record of who handles personal data. Rows are sealed each minute: a seal's digest covers its rows
and the seal before it, so that no row can be changed, dropped or slipped in without the chain
saying so.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "login": (),
        "login_failed": ("login", "device"),
        "code": (),
        "code_failed": (),
        "password_failed": (),
        "logout": (),
        "session_ended": ("why",),
        "password_changed": (),
        "authenticator_set": (),
        "account_created": ("login", "post"),
        "account_reset": ("authenticator",),
        "phone_shown": ("person", "notice"),
        "unmasked": ("field",),
        "restricted_seen": ("visit",),
        "export": ("rows", "unmasked", "filters"),
        "role_changed": ("person", "unit", "role", "how"),
        "import": ("file", "rows"),
        "roster_export": ("rows",),
        "table_export": ("table",),
        "questions_import": ("file", "rows"),
        "questions_export": ("rows",),
    }
)
"""Kind → fields of its data."""

CHINESE: Mapping[str, str] = MappingProxyType(
    {
        "login": "登录",
        "login_failed": "登录没有成功",
        "code": "输了动态码",
        "code_failed": "动态码不对",
        "password_failed": "改密码时原密码不对",
        "logout": "退出",
        "session_ended": "登录失效",
        "password_changed": "改了密码",
        "authenticator_set": "启用了动态码",
        "account_created": "开了账号",
        "account_reset": "重置了账号",
        "phone_shown": "看了要打的电话号码",
        "unmasked": "看了遮住的内容",
        "restricted_seen": "看了受限诉求",
        "export": "导出了",
        "role_changed": "改了职务",
        "import": "导入了名册",
        "roster_export": "导出了名册",
        "table_export": "导出了规则的表",
        "questions_import": "导入了常见问题",
        "questions_export": "导出了常见问题",
    }
)

START = "0" * 64
"""What the first seal stands on."""


@dataclass(frozen=True, slots=True)
class AccessRow:
    """One line of the log. Times in UTC; `data` as KINDS says."""

    id: int
    at: datetime
    kind: str
    account_id: int | None
    case_id: int | None
    address: str
    reason: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Seal:
    """Rows `first` to `last` as they were. `rows`: the digest of those rows; `digest`: of all this
    and the seal before."""

    first: int
    last: int
    at: datetime
    rows: str
    digest: str


def sealed(rows: Iterable[AccessRow], before: str, at: datetime) -> Seal:
    """The seal of these rows, which are at least one, upon the digest of the seal before."""
    given = list(rows)
    digest = _rows(given)
    return Seal(given[0].id, given[-1].id, at, digest,
                _chained(given[0].id, given[-1].id, at, digest, before))  # fmt: skip


def broken(seal: Seal, before: Seal | None, rows: Iterable[AccessRow] | None) -> str:
    """What is wrong with a seal, empty when nothing is: `chain`, `gap` or `rows`. `rows` is None
    where they have been let go because of their age."""
    stands_on = START if before is None else before.digest
    if seal.digest != _chained(seal.first, seal.last, seal.at, seal.rows, stands_on):
        return "chain"
    if seal.first != (1 if before is None else before.last + 1) or seal.last < seal.first:
        return "gap"
    if rows is None:
        return ""
    found = list(rows)
    whole = [row.id for row in found] == list(range(seal.first, seal.last + 1))
    return "" if whole and _rows(found) == seal.rows else "rows"


def _rows(rows: Iterable[AccessRow]) -> str:
    digest = hashlib.sha256()
    for row in rows:
        written = [
            row.id, _moment(row.at), row.kind, row.account_id, row.case_id, row.address,
            row.reason, dict(row.data),
        ]  # fmt: skip
        digest.update(json.dumps(written, ensure_ascii=False, sort_keys=True).encode() + b"\n")
    return digest.hexdigest()


def _chained(first: int, last: int, at: datetime, rows: str, before: str) -> str:
    words = f"{before} {first} {last} {_moment(at)} {rows}"
    return hashlib.sha256(words.encode()).hexdigest()


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
