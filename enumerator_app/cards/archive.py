"""A canvas that writes PDF/A-2b: papers that any reader still shows the same in twenty years.

What the standard asks beyond a usual PDF: colours with a profile (here sRGB, made by littlecms),
properties as XMP, an id, embedded fonts, and a line break before each `endstream`. Nobody's name
and no time stands in the properties: the same papers make the same file.
"""

from functools import cache
from typing import Any, BinaryIO, Final
from xml.sax.saxutils import escape

from PIL import ImageCms
from reportlab import rl_config
from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas

from enumerator_app.cards.fonts import BASE_FONT, font
from enumerator_app.cards.streaming import StreamedPdf, document_of
from enumerator_app.texts import Language

PRODUCER: Final = "Tani Pendata"
_VERSION: Final = (1, 7)  # PDF/A-2 is a selection from PDF 1.7
_LANGUAGE_TAGS: Final = {"id": "id-ID", "en": "en"}
_MADE_AT: Final = slice(24, 36)  # bytes of a profile's header that hold a date
_PROFILE_DATE: Final = bytes.fromhex("07ea 0001 0001 0000 0000 0000".replace(" ", ""))
_XMP: Final = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
<pdf:Producer>{producer}</pdf:Producer>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>
"""


class ArchivalCanvas(Canvas):
    """reportlab's canvas; its pages go to `sink` one by one. `save` completes the file.

    `size` is in points. Draw with the fonts of `cards.fonts` alone: others are not embedded.
    """

    def __init__(
        self, sink: BinaryIO, *, size: tuple[float, float], title: str, author: str,
        language: Language,
    ) -> None:  # fmt: skip
        rl_config.useA85 = 0  # binary streams: a fifth smaller and faster
        font("regular")  # the first font is asked for by name; an embedded one, not Helvetica
        start: Any = super().__init__  # the stubs take initialFontName for a number
        start(
            "",
            pagesize=size,
            pageCompression=1,
            invariant=1,
            initialFontName=BASE_FONT,
            pdfVersion=_VERSION,
            lang=_LANGUAGE_TAGS[language],
        )
        _make_archival(document_of(self), title, author)
        self._streamed = StreamedPdf(self, sink)

    def showPage(self) -> None:  # noqa: N802 - reportlab's name
        """Close the page and write what it consists of."""
        super().showPage()
        self._streamed.write_page()

    def save(self) -> None:
        """Write fonts, page tree, catalogue and cross references: the file is complete."""
        if len(vars(self)["_code"]):
            self.showPage()
        self._streamed.finish()

    def abandon(self) -> None:
        """Forget the document; to be called in the end, whether it was saved or not."""
        self._streamed.abandon()


class _Properties(pdfdoc.PDFInfo):
    """The same three as in the XMP, and no time."""

    def format(self, document: Any) -> bytes:
        names = {"Title": self.title, "Author": self.author, "Producer": PRODUCER}
        shown = {name: pdfdoc.PDFString(value) for name, value in names.items() if value}
        written: bytes = pdfdoc.PDFDictionary(shown).format(document)
        return written


def _make_archival(document: Any, title: str, author: str) -> None:
    catalog = document.Catalog
    catalog.__NoDefault__ = catalog.__Refs__ = [*catalog.__NoDefault__, "OutputIntents"]
    document.info = _Properties()
    document.info.title, document.info.author = title, author
    catalog.Metadata = pdfdoc.XMP(creator=lambda _: _xmp(title, author))
    catalog.OutputIntents = pdfdoc.PDFArray([_intent(document)])


def _xmp(title: str, author: str) -> bytes:
    said = {"title": title, "author": author, "producer": PRODUCER}
    return _XMP.format(**{name: escape(value) for name, value in said.items()}).encode()


def _intent(document: Any) -> Any:
    profile = pdfdoc.PDFStream(content=_srgb(), filters=[pdfdoc.PDFZCompress])
    profile.dictionary["N"] = 3
    return pdfdoc.PDFDictionary(
        {
            "Type": pdfdoc.PDFName("OutputIntent"),
            "S": pdfdoc.PDFName("GTS_PDFA1"),
            "OutputConditionIdentifier": pdfdoc.PDFString("sRGB"),
            "Info": pdfdoc.PDFString("sRGB IEC61966-2.1"),
            "DestOutputProfile": document.Reference(profile, "colourProfile"),
        }
    )


@cache
def _srgb() -> bytes:
    """Return the profile of sRGB; littlecms writes today into it, we do not."""
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made[_MADE_AT] = _PROFILE_DATE
    return bytes(made)
