"""Copies what pages need out of node_modules into the static folders that serve it.

Run by `tools/setup` after `npm ci`. The vendor folders are git-ignored and made anew each time.
"""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "weui.min.css": "weui/dist/style/weui.min.css",
}
"""Name in static/vendor → path below node_modules."""

WANTED = {
    "web/static/vendor": ("htmx.min.js", "weui.min.css"),
    "simulator/static/vendor": ("htmx.min.js", "weui.min.css"),
}


def copy_vendor_files() -> None:
    """Fill every vendor folder. A file missing in a new release of a library ends the set-up."""
    for folder, names in WANTED.items():
        target = ROOT / folder
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        for name in names:
            source = ROOT / "node_modules" / FILES[name]
            if not source.is_file():
                sys.exit(
                    f"setup: {source.relative_to(ROOT)} is missing: correct tools/front_end.py"
                )
            shutil.copyfile(source, target / name)


if __name__ == "__main__":
    copy_vendor_files()
