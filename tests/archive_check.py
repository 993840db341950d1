"""What PDF/A-2b asks of a file, read by qpdf and fontTools: not one line of our own writer.

`problems_of` is a checker of structure, no validator with a certificate: header, id, XMP, output
intent, fonts with their glyphs and widths, forbidden entries, and the syntax between the objects.
"""

import re
import struct
from io import BytesIO
from xml.etree import ElementTree as ET

import pikepdf
from fontTools.ttLib import TTFont

FORBIDDEN_KEYS = {
    "/JS", "/JavaScript", "/OpenAction", "/AA", "/AcroForm", "/EmbeddedFiles", "/XFA",
    "/Alternates", "/OPI", "/Ref", "/TR", "/HTP", "/PresSteps", "/Requirements", "/Encrypt",
}  # fmt: skip
FORBIDDEN_FILTERS = {"/LZWDecode", "/Crypt"}
DEEPEST_NESTING = 28
XMP_NAMES = {
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
}


def problems_of(raw: bytes) -> list[str]:
    """Return why `raw` is not PDF/A-2b; empty if nothing was found."""
    with pikepdf.open(BytesIO(raw)) as document:
        found = [*_syntax(raw), *document.check_pdf_syntax(), *_trailer(document)]
        found += [*_metadata(document), *_intent(document), *_objects(document)]
        found += [*_fonts(document), *_contents(document)]
    return found


def _syntax(raw):
    if not re.match(rb"%PDF-1\.[1-7]\n%[\x80-\xff]{4}", raw):
        yield "no header of PDF 1.7 with a binary comment"
    if not raw.rstrip(b"\n").endswith(b"%%EOF"):
        yield "something stands after the end"
    streams, ends = re.findall(rb"\nstream\n", raw), re.findall(rb"\nendstream\nendobj\n", raw)
    lengths = [int(found) for found in re.findall(rb"/Length (\d+)", raw)]
    if not len(streams) == len(ends) == len(lengths):
        yield "a stream does not begin or end on a line of its own"
    at = 0
    for length in lengths:
        begin = raw.index(b"\nstream\n", at) + len(b"\nstream\n")
        at = begin + length
        if raw[at : at + 18] != b"\nendstream\nendobj\n":
            yield f"the stream at {begin} has another length than it says"


def _trailer(document):
    ids = document.trailer.get("/ID", [])
    if len(ids) != 2 or not all(len(bytes(part)) >= 16 for part in ids):
        yield "no id"
    if document.is_encrypted:
        yield "encrypted"


def _metadata(document):
    stream = document.Root.get("/Metadata")
    if stream is None:
        yield "no XMP"
        return
    if "/Filter" in stream:
        yield "XMP is not plain text"
    tree = ET.fromstring(stream.read_bytes().decode().strip())  # noqa: S314 - our own file
    for name, wanted in {"pdfaid:part": "2", "pdfaid:conformance": "B"}.items():
        if [e.text for e in tree.iterfind(f".//{name}", XMP_NAMES)] != [wanted]:
            yield f"{name} is not {wanted}"
    for name, key in {
        "dc:title//rdf:li": "/Title", "dc:creator//rdf:li": "/Author", "pdf:Producer": "/Producer",
    }.items():  # fmt: skip
        said = tree.find(f".//{name}", XMP_NAMES)
        if (said.text if said is not None else None) != str(document.docinfo.get(key)):
            yield f"{name} differs from {key}"
    if set(document.docinfo.keys()) - {"/Title", "/Author", "/Producer"}:
        yield "properties that XMP lacks"


def _intent(document):
    intents = list(document.Root.get("/OutputIntents", []))
    if [str(intent.get("/S")) for intent in intents] != ["/GTS_PDFA1"]:
        yield "no output intent"
        return
    profile = intents[0].DestOutputProfile
    raw = profile.read_bytes()
    size, major = struct.unpack(">I", raw[:4])[0], raw[8]
    if (size, raw[36:40], raw[16:20], int(profile.N)) != (len(raw), b"acsp", b"RGB ", 3):
        yield "the output intent has no RGB profile"
    if major > 4 or raw[12:16] not in (b"mntr", b"prtr", b"spac", b"scnr"):
        yield "the profile is of a class or version that is not allowed"


def _objects(document):
    for entry in document.objects:
        yield from _forbidden(entry)
    for page in document.pages:
        if "/Resources" not in page:
            yield "a page without resources"


def _forbidden(entry):
    if not isinstance(entry, pikepdf.Dictionary | pikepdf.Stream):
        return
    yield from (f"{key} is not allowed" for key in entry if key in FORBIDDEN_KEYS)
    if isinstance(entry, pikepdf.Stream):
        filters = entry.get("/Filter", [])
        named = {str(f) for f in (filters if isinstance(filters, pikepdf.Array) else [filters])}
        yield from (f"{name} is not allowed" for name in named & FORBIDDEN_FILTERS)
        if "/F" in entry:
            yield "a stream outside the file"
    if entry.get("/Subtype") == "/Image":
        if entry.get("/Interpolate", False):
            yield "an interpolated image"
        if str(entry.get("/ColorSpace")) not in ("/DeviceRGB", "/DeviceGray"):
            yield f"an image in {entry.get('/ColorSpace')}"
    if entry.get("/Subtype") == "/PS":
        yield "a PostScript object"
    if entry.get("/Subtype") == "/Form" and "/Resources" not in entry:
        yield "a form without resources"


def fonts_of(document):
    return [e for e in document.objects if isinstance(e, pikepdf.Dictionary)
            and e.get("/Type") == "/Font"]  # fmt: skip


def _program(font):
    descriptor = font.get("/FontDescriptor")
    if descriptor is None or "/FontFile2" not in descriptor:
        return None
    return TTFont(BytesIO(descriptor.FontFile2.read_bytes()))


def _fonts(document):
    for font in fonts_of(document):
        name, program = str(font.BaseFont), _program(font)
        if program is None:
            yield f"{name} is not embedded"
            continue
        if "/ToUnicode" not in font:
            yield f"{name} has no ToUnicode"
        if not int(font.FontDescriptor.Flags) & 4 or "/Encoding" in font:
            yield f"{name} is not symbolic, or has an encoding besides"
        if len(program["cmap"].tables) != 1:
            yield f"{name} has not exactly one cmap"


def _contents(document):
    for page in document.pages:
        used = _used(page, page.Resources)
        for font, codes in used.values():
            yield from _glyphs(font, codes)
        yield from _operators(page)
    for entry in document.objects:
        if isinstance(entry, pikepdf.Stream) and entry.get("/Subtype") == "/Form":
            if "/Resources" in entry:
                for font, codes in _used(entry, entry.Resources).values():
                    yield from _glyphs(font, codes)
            yield from _operators(entry)


def _used(content, resources):
    """Return for each font the codes that are shown with it."""
    fonts, shown, current = resources.get("/Font", {}), {}, None
    for operands, operator in pikepdf.parse_content_stream(content):
        if str(operator) == "Tf":
            current = str(operands[0])
            shown.setdefault(current, (fonts[current], set()))
        elif str(operator) in ("Tj", "'"):
            shown[current][1].update(bytes(operands[-1]))
        elif str(operator) == "TJ":
            for part in operands[0]:
                if isinstance(part, pikepdf.String):
                    shown[current][1].update(bytes(part))
    return shown


def _glyphs(font, codes):
    program = _program(font)
    if program is None:
        return
    name, cmap = str(font.BaseFont), program["cmap"].tables[0].cmap
    widths, first = [float(width) for width in font.Widths], int(font.FirstChar)
    em = program["head"].unitsPerEm
    for code in sorted(codes):
        glyph = cmap.get(code)
        if glyph is None or program.getGlyphID(glyph) == 0:
            yield f"{name} shows code {code}, which has no glyph"
        elif abs(widths[code - first] - program["hmtx"][glyph][0] * 1000 / em) > 1:
            yield f"{name} says another width of code {code} than its program"


def _operators(content):
    depth = deepest = 0
    for operands, operator in pikepdf.parse_content_stream(content):
        word = str(operator)
        depth += {"q": 1, "Q": -1}.get(word, 0)
        deepest = max(deepest, depth)
        if word in ("k", "K", "sh", "BI", "INLINE IMAGE"):
            yield f"the operator {word} is not used here"
        if word in ("cs", "CS") and str(operands[0]) not in ("/DeviceRGB", "/DeviceGray"):
            yield f"colours in {operands[0]}"
    if depth or deepest > DEEPEST_NESTING:
        yield "states are not closed, or nested too deep"
