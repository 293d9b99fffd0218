"""Copies what pages need out of node_modules into the static folder that serves it.

Run by `tools/setup` after `npm ci`. The vendor folder is git-ignored and made anew each
time, each file packed beside it for browsers that take it so.
"""

import gzip
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = {
    "echarts.common.min.js": "echarts/dist/echarts.common.min.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
}
"""Name in static/vendor → path below node_modules."""

VENDOR = ROOT / "web" / "static" / "vendor"


def copy_vendor_files() -> None:
    """Fill the vendor folder. A file missing in a new release of a library ends the set-up."""
    shutil.rmtree(VENDOR, ignore_errors=True)
    VENDOR.mkdir(parents=True)
    for name, path in FILES.items():
        source = ROOT / "node_modules" / path
        if not source.is_file():
            sys.exit(f"setup: {source.relative_to(ROOT)} is missing: correct tools/front_end.py")
        shutil.copyfile(source, VENDOR / name)
        (VENDOR / f"{name}.gz").write_bytes(gzip.compress(source.read_bytes(), 9, mtime=0))


if __name__ == "__main__":
    copy_vendor_files()
