"""Files as people and their enemies send them, made here byte by byte: nothing in the project was photographed by anybody."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from typing import Any

import pillow_heif
from PIL import Image, ImageDraw

SECRET = b"KEPT-BY-THE-CAMERA"
UPRIGHT = 6  # EXIF orientation: turn by a quarter to stand upright
GPS = {1: "N", 2: (13.0, 45.0, 22.0), 3: "E", 4: (100.0, 30.0, 6.0)}


def picture(width: int = 900, height: int = 600, mode: str = "RGB") -> Image.Image:
    """Red on the left, blue on the right: one sees which way it stands."""
    drawn = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(drawn)
    pen.rectangle((0, 0, width // 4, height), fill=(200, 0, 0))
    pen.rectangle((width - width // 4, 0, width, height), fill=(0, 0, 200))
    return drawn.convert(mode)


def _metadata(orientation: int = UPRIGHT) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825).update(GPS)
    return exif


def _saved(drawn: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    drawn.save(out, form, **options)
    return out.getvalue()


def jpeg(width: int = 900, height: int = 600, orientation: int = UPRIGHT) -> bytes:
    """As a phone writes it: lying on its side, with place, maker and a comment."""
    return _saved(picture(width, height), "JPEG", quality=90, exif=_metadata(orientation), comment=SECRET)


def png(mode: str = "RGB") -> bytes:
    from PIL.PngImagePlugin import PngInfo

    said = PngInfo()
    said.add_text("Author", SECRET.decode())
    return _saved(picture(mode="RGB").convert(mode), "PNG", pnginfo=said)


def grey_in_sixteen_bits() -> bytes:
    """As scanners write it: half as bright as white."""
    return _saved(Image.new("I;16", (40, 40), 0x8000), "PNG")


def heic() -> bytes:
    pillow_heif.register_heif_opener()
    return _saved(picture(), "HEIF", exif=_metadata(1))


def large_photograph(width: int = 4000, height: int = 3000, grain: int = 24) -> bytes:
    """Several megabytes, with the grain of a real one."""
    return _saved(Image.effect_noise((width, height), grain).convert("RGB"), "JPEG", quality=92, exif=_metadata(1))


def png_of(width: int, height: int, rows: bytes) -> bytes:
    """A PNG that claims this size, whatever its rows are."""
    head = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A few thousand bytes that unpack to ten gigabytes."""
    return png_of(width, height, bytes(4_000_000))


def svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def jpeg_and_page() -> bytes:
    """A picture to a picture viewer, a page with a script to whoever guesses wrongly."""
    return jpeg() + b"<html><script>alert('" + SECRET + b"')</script></html>"


def jpeg_and_archive() -> bytes:
    """A picture in front, an archive behind."""
    behind = io.BytesIO()
    with zipfile.ZipFile(behind, "w") as archive:
        archive.writestr("inside.txt", SECRET)
    return jpeg() + behind.getvalue()


def pdf(pages: int = 1, catalogue: str = "", objects: tuple[str, ...] = (), trailer: str = "", size: str = "595 842") -> bytes:
    """A PDF of so many A4 pages with a black bar on each; `catalogue`, `objects` (from number 3 + 2 × pages) and `trailer` as given."""
    content = "0 0 0 rg 100 400 300 60 re f"
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(pages))
    written = [
        f"<< /Type /Catalog /Pages 2 0 R {catalogue} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
    ]
    for number in range(pages):
        written.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {size}] /Contents {4 + 2 * number} 0 R >>")
        written.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    return _numbered([*written, *objects], trailer)


def _numbered(objects: list[str], trailer: str) -> bytes:
    out, places = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\n"
    return out + f"{end}startxref\n{len(out)}\n%%EOF\n".encode("latin-1")


def pdf_with_everything_in_it() -> bytes:
    """JavaScript and a program to start when it is opened, and a file inside."""
    inside = SECRET.decode()
    return pdf(
        catalogue="/OpenAction 5 0 R /Names << /EmbeddedFiles << /Names [(inside.exe) 6 0 R] >> /JavaScript << /Names [(one) 5 0 R] >> >>"
        " /AA << /WC 8 0 R >>",
        objects=(
            f"<< /S /JavaScript /JS (app.alert\\('{inside}'\\)) >>",
            "<< /Type /Filespec /F (inside.exe) /EF << /F 7 0 R >> >>",
            f"<< /Type /EmbeddedFile /Length {len(inside)} >>\nstream\n{inside}\nendstream",
            "<< /S /Launch /F (calc.exe) >>",
        ),
    )


def locked_pdf() -> bytes:
    """With a password that nobody knows, its maker neither."""
    shut = "<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <" + "41" * 32 + "> /U <" + "42" * 32 + "> >>"
    return pdf(objects=(shut,), trailer="/Encrypt 5 0 R /ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>]")


def pdf_with_a_filled_field() -> bytes:
    """A form whose one field was filled in: what stands there is what the paper says."""
    look = "0 0 1 rg 0 0 200 40 re f"
    return pdf(
        catalogue="/AcroForm << /Fields [5 0 R] >>",
        objects=(
            "<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (x) /Rect [100 700 300 740] /P 3 0 R /F 4 /AP << /N 6 0 R >> >>",
            f"<< /Type /XObject /Subtype /Form /BBox [0 0 200 40] /Length {len(look)} >>\nstream\n{look}\nendstream",
        ),
    ).replace(b"/Contents 4 0 R >>", b"/Contents 4 0 R /Annots [5 0 R] >>")
