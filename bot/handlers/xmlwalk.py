"""XML of a push as plain text by element: nothing is loaded, expanded or guessed."""

from lxml import etree

DEPTH = 6
"""Deepest element taken; the platform goes to four: SendPicsInfo.PicList.item.PicMd5Sum."""
ELEMENTS = 300
"""Most elements taken; nine pictures of a pic_* event make 40."""


_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
"""Made once: making it costs more than parsing a push. lxml lets one thread at a time use it."""


class Malformed(Exception):
    """The bytes are not a push of the platform. Its text quotes nothing of the content."""


def parse(xml: bytes) -> etree._Element:
    """The `<xml>` element. Raises Malformed for broken XML, any doctype, another root."""
    try:
        root = etree.fromstring(xml, _PARSER)
    except (etree.XMLSyntaxError, ValueError):
        raise Malformed("not well-formed") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Malformed("has a doctype")
    if root.tag != "xml":
        raise Malformed("root is not xml")
    return root


def flatten(root: etree._Element) -> dict[str, str]:
    """Text by dotted path below the root; siblings of one name inside a list get `.2`, `.3`.

    Raises Malformed for comments, processing instructions, elements doubled at the top level,
    more than ELEMENTS elements, and nesting deeper than DEPTH.
    """
    flat: dict[str, str] = {}
    for child in root:
        if child.tag in flat:
            raise Malformed("doubled element")
        _add(flat, child, "", 1)
    return flat


def _add(flat: dict[str, str], element: etree._Element, prefix: str, depth: int) -> None:
    if not isinstance(element.tag, str):
        raise Malformed("comment, instruction or entity")
    if depth >= DEPTH or len(flat) >= ELEMENTS:
        raise Malformed("too deep or too many elements")
    path = _free_path(flat, prefix + element.tag)
    flat[path] = "" if len(element) else element.text or ""
    for child in element:
        _add(flat, child, f"{path}.", depth + 1)


def _free_path(flat: dict[str, str], path: str) -> str:
    number, free = 1, path
    while free in flat:
        number += 1
        free = f"{path}.{number}"
    return free
