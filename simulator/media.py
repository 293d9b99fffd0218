"""What phones send, kept three days for the account to fetch: a picture, a voice, a video.

Source: the platform's page on 获取临时素材 (a video is answered with JSON that names its address).
"""

import secrets
import struct
import zlib

from simulator.errors import Refused
from simulator.incoming import Incoming
from simulator.store import Row, Store

KEPT = 3 * 86400
"""Seconds."""
SIDE = 48
SECONDS = 2
KINDS = ("image", "voice", "video")
TYPES = {"image": "image/png", "voice": "audio/amr", "video": "video/mp4"}


def sent(store: Store, openid: str, what: Incoming, now: float) -> Incoming:
    """The same message with a media id of its own, under which the file is kept."""
    if what.msg_type not in KINDS:
        return what
    media_id = f"desk-{what.msg_type}-{secrets.token_urlsafe(18)}"
    store.run("INSERT INTO media VALUES (?, ?, ?, ?)", (media_id, what.msg_type, openid, now))
    return what.with_field("MediaId", media_id)


def find(store: Store, media_id: str, now: float) -> Row:
    """{media_id, kind, at}; 40007 for an unknown or forgotten one."""
    found = store.rows("SELECT * FROM media WHERE media_id = ?", (media_id,))
    if not found:
        raise Refused(40007, "no such media_id")
    if found[0]["at"] + KEPT <= now:
        raise Refused(40007, "media is kept for three days")
    return found[0]


def content(kind: str, media_id: str) -> bytes:
    """A small file of that kind, another one for each id."""
    seed = zlib.crc32(media_id.encode())
    return {"image": picture, "voice": voice, "video": video}[kind](seed)


def picture(seed: int) -> bytes:
    """A PNG of two colours: what a phone at night may have taken."""
    dark = bytes((seed >> shift) & 0x7F for shift in (0, 8, 16))
    light = bytes(255 - each for each in dark)
    row = b"\0" + (dark + light) * (SIDE // 2)
    packed = zlib.compress(row * SIDE)
    head = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    body = b"".join(_chunk(*each) for each in ((b"IHDR", head), (b"IDAT", packed), (b"IEND", b"")))
    return b"\x89PNG\r\n\x1a\n" + body


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def voice(seed: int) -> bytes:
    """AMR at 12.2 kbit/s, 50 frames a second (RFC 4867 §5): a murmur nobody understands."""
    frames, state = [], seed | 1
    for _ in range(50 * SECONDS):
        bits = bytearray()
        for _ in range(31):
            state = (state * 1_103_515_245 + 12_345) & 0x7FFF_FFFF
            bits.append(state >> 16 & 0xFF)
        frames.append(b"\x3c" + bytes(bits))
    return b"#!AMR\n" + b"".join(frames)


def video(seed: int) -> bytes:
    """The head of an MP4 file and nothing to see."""
    kind = b"ftypisom\0\0\2\0isomiso2"
    rest = b"free" + seed.to_bytes(4, "big")
    return b"".join(struct.pack(">I", len(box) + 4) + box for box in (kind, rest))
