"""Writes docs/configuration.md from the Settings class: `python -m tools.configuration_docs`.

With --check nothing is written; exit 1 when the page no longer says what the class says.
"""

import sys
from collections.abc import Iterator
from typing import get_args

from annotated_types import Ge, Le
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.settings import ROOT, Settings, demo_values

PAGE = ROOT / "docs" / "configuration.md"

HEAD = """\
# Configuration

Every setting is a variable of the environment, or a line of the file `.env` in the project's
root; the environment wins. They are read once, at the start. A setting that is missing or wrong
refuses the start and is named; `flask doctor` says what else is not as it should be.

This page is written by `.venv/bin/python -m tools.configuration_docs` from `bot/settings.py`,
and a test holds the two equal.

## All settings

`required` has no default outside demo mode. In demo mode every credential has a published value,
so that `make demo` needs no account; these values protect nothing, and `flask doctor` refuses
them in any other mode.

"""

FOOT = """
## A `.env` for a real account

```sh
XMZ_MODE=trial
XMZ_PUBLIC_URL=https://workstation.example.org
XMZ_SECRET_KEY=                # python3 -c 'import secrets; print(secrets.token_urlsafe(32))'
XMZ_WECHAT_APP_ID=             # the platform's console: 设置与开发 → 基本配置
XMZ_WECHAT_APP_SECRET=
XMZ_WECHAT_TOKEN=              # the same as typed there under 服务器配置
XMZ_WECHAT_AES_KEY=
XMZ_OFFICE_PHONE=
```

Keep the file readable by its owner alone (`chmod 600 .env`); it is git-ignored. Then
`flask init`, `flask doctor`, and only then the account's 服务器配置.

The address of a sender in an imported file is kept as a hash keyed with `XMZ_SECRET_KEY`: after
the key is changed the same sender counts as a new one. Rows imported before are still known.
"""


def page() -> str:
    """The whole page."""
    lines = ["| variable | may be | default | in demo | meaning |", "|---|---|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for row in _rows()]
    return HEAD + "\n".join(lines) + "\n" + FOOT


def _rows() -> Iterator[tuple[str, ...]]:
    demo = demo_values()
    for name, info in Settings.model_fields.items():
        default = "required" if info.is_required() and name != "mode" else _shown(info.default)
        yield (
            f"`XMZ_{name.upper()}`",
            _allowed(info),
            "see meaning" if name == "mode" else default,
            _shown(demo[name]) if name in demo else "",
            (info.description or "").replace("|", "\\|"),
        )


def _allowed(info: FieldInfo) -> str:
    choices = get_args(info.annotation)
    if choices:
        return " · ".join(f"`{choice}`" for choice in choices)
    low = next((m.ge for m in info.metadata if isinstance(m, Ge)), None)
    high = next((m.le for m in info.metadata if isinstance(m, Le)), None)
    if low is not None or high is not None:
        return f"{low} to {high}"
    if info.annotation is SecretStr:
        return "text, kept secret"
    return {"str": "text", "Path": "folder"}.get(getattr(info.annotation, "__name__", ""), "")


def _shown(value: object) -> str:
    return f"`{value}`" if str(value) else "empty"


def main() -> int:
    """Write the page, or with --check compare it."""
    if "--check" not in sys.argv[1:]:
        PAGE.write_text(page(), encoding="utf-8")
        return 0
    if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == page():
        return 0
    print("docs/configuration.md: run python -m tools.configuration_docs", file=sys.stderr)
    return 1


if __name__ == "__main__":
    raise SystemExit(main())
