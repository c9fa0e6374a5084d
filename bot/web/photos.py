"""
Buyers' photos: checked by content, re-encoded, kept under a random name.

What is stored is always our own JPEG: whatever else was in the file (EXIF with the buyer's
place, a second format hidden behind the first) does not survive re-encoding.
"""

import hashlib
import io
import struct
import warnings
from pathlib import Path
from uuid import uuid4

from PIL import Image, ImageOps, ImageStat, UnidentifiedImageError

from bot.casework.ports.conversations import StoredPhoto

MOST_BYTES = 5 * 1024 * 1024
MOST_PIXELS = 25_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST_SIDE = 2048
QUALITY = 85
LEAST_CONTRAST = 2.0
"""Standard deviation of a picture's greys, of 255, below which it shows nothing."""
TOO_MANY_PIXELS = "The photo has more than 25 megapixels. Please send a smaller one."
BROKEN = (OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, struct.error)
"""What Pillow's decoders raise on damaged files."""

# What they only warn of is no news: buyers' files are odd in every way.
warnings.filterwarnings("ignore", module=r"PIL\.")


class WrongPhoto(Exception):
    """An upload that cannot be used; the text tells the buyer what would be."""


def store_photo(content: bytes, folder: Path) -> StoredPhoto:
    """Check and re-encode an upload into `folder`; `WrongPhoto` if it is none."""
    if len(content) > MOST_BYTES:
        raise WrongPhoto("The photo is larger than 5 MB. Please send a smaller one.")
    image = _open(content)
    encoded = io.BytesIO()
    image.save(encoded, "JPEG", quality=QUALITY, optimize=True)
    data = encoded.getvalue()

    photo_id = uuid4().hex
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = folder / f".{photo_id}"
    draft.write_bytes(data)
    draft.rename(folder / f"{photo_id}.jpg")

    return StoredPhoto(
        id=photo_id,
        file_name=f"{photo_id}.jpg",
        width=image.width,
        height=image.height,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        look=look_of(image),
    )


def look_of(image: Image.Image) -> int | None:
    """
    The perceptual hash of a picture, 64 bits: alike for the same photo cut smaller or saved anew.

    None for a picture of one shade, such as a lens that was covered: all of those are alike.

    imagehash brings SciPy along, which takes a moment and 50 MB: imported with the first photo.
    """
    if ImageStat.Stat(image.convert("L")).stddev[0] < LEAST_CONTRAST:
        return None

    import imagehash

    bits = imagehash.phash(image).hash.flatten()

    return int("".join("1" if bit else "0" for bit in bits), 2)


def _open(content: bytes) -> Image.Image:
    """The picture upright, in RGB and without anything beside its pixels."""
    try:
        opened = Image.open(io.BytesIO(content), formats=FORMATS)
        if opened.width * opened.height > MOST_PIXELS:
            raise WrongPhoto(TOO_MANY_PIXELS)
        return _on_white(ImageOps.exif_transpose(_shrink(opened)))
    except UnidentifiedImageError as error:
        raise WrongPhoto(
            "This is not a photo that we can read. JPEG, PNG and WebP work."
        ) from error
    except Image.DecompressionBombError as error:
        raise WrongPhoto(TOO_MANY_PIXELS) from error
    except BROKEN as error:
        raise WrongPhoto("The photo is damaged. Please send it again.") from error


def _shrink(image: Image.Image) -> Image.Image:
    """
    At most `LONGEST_SIDE` pixels long.

    Before anything else is done to it, because a JPEG is decoded to about that size at once, and
    every further step costs memory by the pixel.
    """
    if image.mode.startswith("I;16"):
        # Pillow would cut 16 bits off at 255 instead of scaling them.
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    elif image.mode == "P":
        # The colours of a palette cannot be mixed.
        image = image.convert("RGBA")
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))

    return image


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    plain = Image.new("RGB", image.size, "white")
    rgba = image.convert("RGBA")
    plain.paste(rgba, mask=rgba.getchannel("A"))

    return plain
