"""Uploads: photos are re-encoded, everything else is refused in a sentence."""

import io
import random
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bot.web.photos import LONGEST_SIDE, MOST_BYTES, WrongPhoto, store_photo

# Pillow warns of what these tests do on purpose.
pytestmark = [
    pytest.mark.filterwarnings("ignore::UserWarning"),
    pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning"),
]

TEAL = (0, 128, 128)


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """The image as a file."""
    content = io.BytesIO()
    image.save(content, kind, **options)
    return content.getvalue()


def a_picture(kind: str = "JPEG", mode: str = "RGB", colour: Any = TEAL, **options: Any) -> bytes:
    """A small picture of one colour."""
    return encoded(Image.new(mode, (80, 60), colour), kind, **options)


def a_png(width: int, height: int) -> bytes:
    """A PNG that claims any size: a header, and hardly a pixel."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0" * 100)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )


def a_palette(**options: Any) -> bytes:
    """A PNG whose pixels all have colour 3 of its palette, which is blue."""
    image = Image.new("P", (80, 60), 3)
    image.putpalette([0, 0, 0] * 3 + [0, 0, 255] + [9, 9, 9] * 252)
    return encoded(image, **options)


def with_exif(kind: str, orientation: int) -> bytes:
    """A red picture with blue on its left, a place, and an orientation."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "Makegood Cameras"
    exif[0x8825] = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)}
    image = Image.new("RGB", (80, 40), "red")
    image.paste("blue", (0, 0, 20, 40))
    return encoded(image, kind, exif=exif)


def animated(kind: str) -> bytes:
    """Red, then green, then blue."""
    first, *others = (Image.new("RGB", (80, 60), name) for name in ("red", "green", "blue"))
    return encoded(first, kind, save_all=True, append_images=others)


def a_zip() -> bytes:
    """An archive with a page in it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("index.html", "<script>alert(1)</script>")
    return content.getvalue()


GOOD: dict[str, tuple[bytes, tuple[int, int, int]]] = {
    "JPEG": (a_picture("JPEG"), TEAL),
    "PNG": (a_picture("PNG"), TEAL),
    "WebP": (a_picture("WEBP"), TEAL),
    "JPEG in CMYK": (a_picture("JPEG", "CMYK", (0, 255, 255, 0)), (255, 0, 0)),
    "JPEG in grey": (a_picture("JPEG", "L", 77), (77, 77, 77)),
    "JPEG of two pictures": (animated("MPO"), (255, 0, 0)),
    "PNG of 16 bit": (a_picture("PNG", "I;16", 40_000), (156, 156, 156)),
    "PNG of 1 bit": (a_picture("PNG", "1", 1), (255, 255, 255)),
    "PNG with a palette": (a_palette(), (0, 0, 255)),
    "PNG with a transparent palette": (a_palette(transparency=3), (255, 255, 255)),
    "PNG with one transparent colour": (
        a_picture("PNG", transparency=TEAL),
        (255, 255, 255),
    ),
    "PNG half transparent": (a_picture("PNG", "RGBA", (255, 0, 0, 128)), (255, 127, 127)),
    "WebP transparent": (a_picture("WEBP", "RGBA", (255, 0, 0, 0)), (255, 255, 255)),
    "animated WebP": (animated("WEBP"), (255, 0, 0)),
    "animated PNG": (animated("PNG"), (255, 0, 0)),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_photo_becomes_our_own_jpeg(name, tmp_path):
    """
    Of whatever kind it was: what is kept is a plain JPEG of its first picture, on white.
    """
    content, colour = GOOD[name]

    photo = store_photo(content, tmp_path)

    with Image.open(tmp_path / photo.file_name) as kept:
        assert (kept.format, kept.mode, kept.size) == ("JPEG", "RGB", (80, 60))
        middle: Any = kept.getpixel((40, 30))
    assert all(abs(one - other) <= 4 for one, other in zip(middle, colour, strict=True))
    assert (photo.width, photo.height) == (80, 60)
    assert photo.size == (tmp_path / photo.file_name).stat().st_size


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_turned_upright_and_loses_its_exif(kind, tmp_path):
    """
    The buyer's place is nobody's business; which side is up is.
    """
    photo = store_photo(with_exif(kind, orientation=6), tmp_path)

    content = (tmp_path / photo.file_name).read_bytes()
    with Image.open(io.BytesIO(content)) as kept:
        assert kept.size == (40, 80)
        top: Any = kept.getpixel((20, 5))
        assert not kept.getexif()
    assert top[2] > 200 > 50 > top[0]
    assert b"Exif" not in content
    assert b"Makegood Cameras" not in content


def test_what_hides_behind_a_photo_is_not_kept(tmp_path):
    """
    A file that is a photo and an archive at once stays a photo only.
    """
    both = a_picture("JPEG") + a_zip()
    assert zipfile.is_zipfile(io.BytesIO(both))

    photo = store_photo(both, tmp_path)

    assert not zipfile.is_zipfile(tmp_path / photo.file_name)
    assert b"script" not in (tmp_path / photo.file_name).read_bytes()


def test_a_large_photo_is_made_smaller(tmp_path):
    """
    Nobody needs 25 megapixels of a broken mug, and what is just within the limit is taken.
    """
    photo = store_photo(encoded(Image.new("RGB", (5000, 4999), "teal"), "JPEG"), tmp_path)

    assert (photo.width, photo.height) == (LONGEST_SIDE, LONGEST_SIDE)


UNREADABLE = "This is not a photo that we can read"
DAMAGED = "The photo is damaged"
TOO_MANY_PIXELS = "more than 25 megapixels"
WHOLE_PNG = encoded(Image.effect_noise((300, 300), 50))
BAD: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", UNREADABLE),
    "a text": (b"This is a mug.\n" * 100, UNREADABLE),
    "a GIF": (a_picture("GIF", "P", 3), UNREADABLE),
    "a TIFF": (a_picture("TIFF"), UNREADABLE),
    "an SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', UNREADABLE),
    "a page": (b"<!doctype html><script>alert(1)</script>", UNREADABLE),
    "an archive": (a_zip(), UNREADABLE),
    "only a PNG's first bytes": (b"\x89PNG\r\n\x1a\n", UNREADABLE),
    "half a PNG": (WHOLE_PNG[: len(WHOLE_PNG) // 2], DAMAGED),
    "half a JPEG": (a_picture("JPEG")[:400], DAMAGED),
    "30 000 x 30 000 pixels": (a_png(30_000, 30_000), TOO_MANY_PIXELS),
    "12 000 x 12 000 pixels": (a_png(12_000, 12_000), TOO_MANY_PIXELS),
    "26 megapixels": (a_png(6500, 4001), TOO_MANY_PIXELS),
    "5 MB and a byte": (a_picture("JPEG").ljust(MOST_BYTES + 1, b"\0"), "larger than 5 MB"),
}


@pytest.mark.parametrize("name", BAD)
def test_anything_else_is_refused(name, tmp_path):
    """
    With a sentence for the buyer; nothing is left in the folder.
    """
    content, said = BAD[name]

    with pytest.raises(WrongPhoto, match=said):
        store_photo(content, tmp_path / "photos")

    assert not list(tmp_path.rglob("*.*"))


def test_a_photo_of_5_mb_is_taken(tmp_path):
    """
    The limit itself is allowed; what stands behind the picture is dropped.
    """
    photo = store_photo(a_picture("JPEG").ljust(MOST_BYTES, b"\0"), tmp_path)

    assert photo.size < 10_000


def test_damaged_files_of_all_kinds_do_no_harm(tmp_path):
    """
    Photos with bytes changed at random are taken or refused, and never break anything.
    """
    dice = random.Random(2)
    whole = [
        *(content for content, _ in GOOD.values()),
        *(with_exif(kind, 6) for kind in ("JPEG", "PNG", "WEBP")),
    ]
    taken = 0
    for _ in range(600):
        content = bytearray(dice.choice(whole))
        for _ in range(dice.choice((1, 3, 20))):
            content[dice.randrange(min(len(content), dice.choice((60, 5000))))] = dice.randrange(
                256
            )
        try:
            store_photo(bytes(content[: dice.randrange(20, 9000)]), tmp_path)
            taken += 1
        except WrongPhoto:
            pass

    assert 30 < taken < 570


def test_names_are_random_and_nobody_else_may_read(tmp_path):
    """
    A photo's address cannot be guessed, not even from the same photo.
    """
    folder: Path = tmp_path / "photos"
    first, second = (store_photo(a_picture(), folder) for _ in range(2))

    assert first.id != second.id
    assert first.sha256 == second.sha256
    assert len(first.id) == 32
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_photo_that_was_saved_anew_looks_alike(tmp_path: Path) -> None:
    """
    Smaller and more compressed it is still the same; another picture is not.
    """
    picture, other = a_scene(1), a_scene(2)
    looks = []
    for image, size, quality in ((picture, 640, 95), (picture, 400, 40), (other, 640, 95)):
        encoded = io.BytesIO()
        image.resize((size, size * 3 // 4)).save(encoded, "JPEG", quality=quality)
        looks.append(store_photo(encoded.getvalue(), tmp_path).look)
    first, saved_anew, another = looks

    assert (first ^ saved_anew).bit_count() <= 3
    assert (first ^ another).bit_count() > 10


def test_a_picture_that_shows_nothing_looks_like_none(tmp_path: Path) -> None:
    """
    Two black pictures are no proof of anything.
    """
    encoded = io.BytesIO()
    Image.new("RGB", (64, 64), "black").save(encoded, "PNG")

    assert store_photo(encoded.getvalue(), tmp_path).look is None


def a_scene(seed: int) -> Image.Image:
    """Soft patches of light and shadow, as a photo has them; the same for the same seed."""
    patches = random.Random(seed).randbytes(12 * 9)

    return Image.frombytes("L", (12, 9), patches).resize((640, 480), Image.Resampling.BICUBIC)
