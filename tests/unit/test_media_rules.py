"""What people send: told by its content, drawn anew, and made into what a browser plays."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from bot.domain.media import first_state, is_over, next_try, type_of
from bot.services.media_files import MOST_PIXELS, Unreadable, harmless_picture, to_mp3
from simulator.media import picture, video, voice

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def jpeg(size: tuple[int, int] = (40, 20), **more: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "red").save(made, "JPEG", **more)
    return made.getvalue()


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (jpeg(), "image/jpeg"),
        (picture(1), "image/png"),
        (b"GIF89a....", "image/gif"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (voice(1), "audio/amr"),
        (b"#!AMR-WB\n.", "audio/amr-wb"),
        (b"ID3\4....", "audio/mpeg"),
        (b"\xff\xfb\x90\x00", "audio/mpeg"),
        (b"OggS....", "audio/ogg"),
        (video(1), "video/mp4"),
        (b"<html>busy</html>", ""),
        (b"%PDF-1.7", ""),
        (b"MZ\x90\x00", ""),
        (b"\xff", ""),
        (b"", ""),
    ],
)
def test_type_by_content(content: bytes, mime: str) -> None:
    """The first bytes tell; what nobody knows is nothing."""
    assert type_of(content) == mime


def test_picture_is_drawn_anew() -> None:
    """Upright, smaller, without the place it was taken at and without what was hidden behind it."""
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010F] = "SecretPhone"
    made = harmless_picture(jpeg((4000, 2000), exif=exif) + b"<script>hidden</script>")
    with Image.open(io.BytesIO(made)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (1500, 3000))
        assert len(shown.getexif()) == 0
    assert b"SecretPhone" not in made
    assert b"hidden" not in made


@pytest.mark.parametrize(
    "content",
    [jpeg()[:100], b"\x89PNG\r\n\x1a\n" + b"x" * 50, b"\xff\xd8\xff", b"GIF89a", b""],
    ids=["cut", "png of nothing", "three bytes", "gif of nothing", "nothing"],
)
def test_broken_pictures(content: bytes) -> None:
    """What can't be shown is said to be so."""
    with pytest.raises(Unreadable):
        harmless_picture(content)


def test_picture_without_end() -> None:
    """A few bytes that would fill the memory are not opened."""
    made = io.BytesIO()
    Image.new("1", (MOST_PIXELS // 7000 + 1, 7000)).save(made, "PNG")
    with pytest.raises(Unreadable):
        harmless_picture(made.getvalue())


def test_transparent_picture_gets_white() -> None:
    """A screenshot with holes has no black ones."""
    made = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(made, "PNG")
    with Image.open(io.BytesIO(harmless_picture(made.getvalue()))) as shown:
        assert shown.getpixel((4, 4)) == (255, 255, 255)


def test_voice_becomes_what_a_browser_plays() -> None:
    """AMR is converted; mp3 needs nothing; a broken one yields nothing."""
    made = to_mp3(voice(1), "audio/amr")
    assert made is not None
    assert type_of(made) == "audio/mpeg"
    assert to_mp3(b"ID3\4", "audio/mpeg") is None
    assert to_mp3(b"#!AMR\n", "audio/amr") is None


@pytest.mark.parametrize(
    ("attempts", "wait", "seconds"),
    [(1, 0, 30), (2, 0, 60), (7, 0, 1920), (8, 0, 3600), (50, 0, 3600), (1, 600, 600)],
)
def test_when_to_try_again(attempts: int, wait: int, seconds: int) -> None:
    """Half a minute, doubling up to an hour, never before the platform's own word."""
    assert next_try(attempts, NOW, wait) == NOW + timedelta(seconds=seconds)


def test_what_there_is_to_fetch() -> None:
    """Pictures, voice and video that have an id, for three days."""
    found = [first_state(kind, "m") for kind in ("image", "voice", "video", "location", "link")]
    assert found == ["waiting", "waiting", "waiting", "none", "none"]
    assert first_state("image", "") == "none"
    assert not is_over(NOW, NOW + timedelta(days=3, seconds=-1))
    assert is_over(NOW, NOW + timedelta(days=3))
