"""The child: reads one file from standard input, writes its pages as new JPEGs to standard output, and ends.

Started by drawing.py with the kind and the limits as arguments. It imports nothing of ours, so that nothing of ours is in its memory. The
limits are set before the first byte is read, and the one library is told which format to expect: nothing is guessed.
Each page is copied onto a new canvas before it is written: only dots of colour go over, no metadata, no comment, no colour profile.
"""

from __future__ import annotations

import ctypes
import io
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from typing import Any

PAGE_QUALITY, THUMBNAIL_QUALITY = 82, 70
TELL_WHEN_PARENT_DIES, MAY_GAIN_NO_RIGHTS = 1, 38  # prctl of Linux: PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS
POINTS_AN_INCH, SHARPEST = 72, 300
LOCKED = 4  # FPDF_ERR_PASSWORD


class Refused(Exception):
    """Why, in a word of domain/document.Why."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def main() -> None:
    kind, limits = sys.argv[1], json.loads(sys.argv[2])
    shut_in(limits)
    try:
        pages = [written(page, PAGE_QUALITY) for page in PAGES[kind](sys.stdin.buffer.read(), limits)]
        small = thumbnail(pages[0], limits["thumbnail_side"])
    except Refused as refused:
        tell({"why": refused.why})
    except MemoryError:
        tell({"why": "too_heavy"})
    else:
        tell({"lengths": [len(one) for one in (*pages, small)]}, *pages, small)


def shut_in(limits: dict[str, int]) -> None:
    """No more memory and time than this, no file written, no core left behind, no life after the worker's."""
    for what, most in (
        (resource.RLIMIT_AS, limits["memory"]), (resource.RLIMIT_CPU, limits["cpu_seconds"]), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        resource.setrlimit(what, (most, most))
    os.nice(10)
    if sys.platform == "linux":
        kernel = ctypes.CDLL(None)
        kernel.prctl(TELL_WHEN_PARENT_DIES, signal.SIGKILL)
        kernel.prctl(MAY_GAIN_NO_RIGHTS, 1, 0, 0, 0)


def tell(facts: dict[str, Any], *pictures: bytes) -> None:
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + b"".join(pictures))
    sys.stdout.buffer.flush()


def pages_of_picture(kind: str) -> Any:
    """One page: the first picture of the file, upright."""

    def pages(data: bytes, limits: dict[str, int]) -> Iterator[Any]:
        from PIL import Image, ImageOps, UnidentifiedImageError

        if kind == "HEIF":
            import pillow_heif

            pillow_heif.register_heif_opener(thumbnails=False)
        Image.MAX_IMAGE_PIXELS = None  # our own limit is asked below, before anything is unpacked
        try:
            with Image.open(io.BytesIO(data), formats=[kind]) as picture:
                picture.draft("RGB", (limits["side"], limits["side"]))  # a JPEG is unpacked smaller, where that is enough
                if picture.width * picture.height > limits["pixels"]:
                    raise Refused("too_many_pixels")
                yield fitted(ImageOps.exif_transpose(in_eight_bits(picture)), limits["side"])
        except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, IndexError, ZeroDivisionError) as fault:
            raise Refused("damaged") from fault

    return pages


def pages_of_pdf(data: bytes, limits: dict[str, int]) -> Iterator[Any]:
    """Each page drawn as it would be printed; filled-in fields are drawn too. This PDFium has no JavaScript in it."""
    import pypdfium2
    from PIL import Image

    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as fault:
        raise Refused("locked" if getattr(fault, "err_code", None) == LOCKED else "damaged") from fault
    if not len(pdf):
        raise Refused("damaged")
    if len(pdf) > limits["pages"]:
        raise Refused("too_many_pages")
    try:
        pdf.init_forms()
        for page in pdf:
            width, height = page.get_size()
            scale = min(limits["side"] / max(width, height, 1), SHARPEST / POINTS_AN_INCH)
            drawn: Image.Image = page.render(scale=scale).to_pil()
            yield fitted(drawn, limits["side"])
    except pypdfium2.PdfiumError as fault:
        raise Refused("damaged") from fault


def in_eight_bits(picture: Any) -> Any:
    """Scanners write grey in sixteen; cut down by the library it would come out white."""
    return picture.convert("I").point(lambda dots: dots * (1 / 256)).convert("L") if picture.mode.startswith("I;16") else picture


def fitted(picture: Any, side: int) -> Any:
    """On a new white canvas, no longer than `side`; grey stays grey."""
    from PIL import Image

    is_grey = picture.mode in ("1", "L", "LA")
    if "A" in picture.mode or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    picture.thumbnail((side, side), Image.Resampling.LANCZOS)
    canvas = Image.new("L" if is_grey else "RGB", picture.size, "white")
    if picture.mode == "RGBA":
        canvas.paste(picture, mask=picture.getchannel("A"))
    else:
        canvas.paste(picture.convert(canvas.mode))
    return canvas


def written(canvas: Any, quality: int) -> bytes:
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=quality, optimize=True, progressive=True)
    return out.getvalue()


def thumbnail(page: bytes, side: int) -> bytes:
    """Of the page as it was just written."""
    from PIL import Image

    with Image.open(io.BytesIO(page), formats=["JPEG"]) as picture:
        return written(fitted(picture, side), THUMBNAIL_QUALITY)


PAGES = {
    "jpeg": pages_of_picture("JPEG"), "png": pages_of_picture("PNG"), "heic": pages_of_picture("HEIF"), "pdf": pages_of_pdf,
}  # fmt: skip

if __name__ == "__main__":
    main()
