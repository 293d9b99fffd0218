"""Signing a page for the platform's tags, and what it must let in."""

import pytest

from bot.domain.page_tags import PLATFORM, TagHost, sign, tag_host

TICKET = "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg"


@pytest.mark.parametrize("tail", ["", "#here"])
def test_the_platforms_own_example(tail: str) -> None:
    """The example of its document; what follows # is no part of it."""
    signed = sign(
        "wx1", TICKET, f"http://mp.weixin.qq.com?params=value{tail}",
        nonce="Wm3WZYTPz0wzccnW", timestamp=1414587457,
    )  # fmt: skip
    assert signed.signature == "0f9de62fce790f9a083d5c99e95740ceb90c27ed"


@pytest.mark.parametrize(
    ("base", "demo", "host"),
    [
        ("https://api.weixin.qq.com", False, PLATFORM),
        ("https://sh.api.weixin.qq.com", True, PLATFORM),  # a demo of a real account
        ("http://10.0.0.7:3128", False, PLATFORM),  # a way through a proxy
        ("http://127.0.0.1:8100/", True, TagHost("http://127.0.0.1:8100/open/js/jweixin-1.6.0.js",
                                                 ("http://127.0.0.1:8100",))),
    ],
)  # fmt: skip
def test_where_the_tags_come_from(base: str, demo: bool, host: TagHost) -> None:
    """From the platform, and only in demo mode from the desk."""
    assert tag_host(base, demo=demo) == host
    assert host.script.startswith(f"{host.origin}/open/js/")
