"""A PDF written page by page, so that a thousand portraits need no more memory than ten.

reportlab formats a whole document when it is saved and holds every photo until then. Here each
finished object goes to the file after its page; only the page tree, the fonts and the catalogue
wait for the end.
"""

import zlib
from typing import Any, BinaryIO, Final, cast

from reportlab.pdfbase import pdfdoc
from reportlab.pdfgen.canvas import Canvas


def document_of(canvas: Canvas) -> Any:
    """Return the document behind `canvas`; reportlab names no public way to it."""
    return vars(canvas)["_doc"]


_END: Final = b"endstream\nendobj\n"


class _Fast:
    """Page content at the cheapest level: it is a tenth of a file that is mostly photos."""

    pdfname = "FlateDecode"

    @staticmethod
    def encode(content: str) -> bytes:
        return zlib.compress(content.encode("latin-1"), 1)


def _compress(page: Any) -> None:
    page.Contents = pdfdoc.PDFStream(content=page.stream, filters=[_Fast])


class StreamedPdf:
    """Writes the objects of `canvas` to `sink` as soon as they are finished."""

    def __init__(self, canvas: Canvas, sink: BinaryIO) -> None:
        self._canvas = canvas
        self._document = document_of(canvas)
        version = vars(self._document)["_pdfVersion"]
        self._file = cast("Any", pdfdoc.PDFFile(version))
        sink.write(self._file.format(self._document))
        self._file.write = sink.write
        self._next = 1
        self._waiting: list[str] = []

    def write_page(self) -> None:
        """Write what the page that was just closed consists of."""
        for name in self._new_names():
            if self._is_final(name):
                self._write(name)
            else:
                self._waiting.append(name)

    def finish(self) -> None:
        """Write fonts, page tree, catalogue and cross references: the file is complete."""
        self._add_last_objects()
        for name in self._waiting:
            self._write(name)
        for name in self._new_names():
            self._write(name)
        self._write_cross_references()

    def abandon(self) -> None:
        """Forget the document; fonts are shared and would keep its glyphs for ever."""
        for font in self._document.delayedFonts:
            font.state.pop(self._document, None)

    def _new_names(self) -> Any:
        while self._next in self._document.numberToId:  # formatting one object may add another
            self._next += 1
            yield self._document.numberToId[self._next - 1]

    def _is_final(self, name: str) -> bool:
        document = self._document
        unfinished = (document.Pages, document.Catalog, document.info, document.Outlines)
        made = document.idToObject[name]
        is_said_later = isinstance(made, pdfdoc.PDFFormXObject) and made.stream is None
        return name != pdfdoc.BasicFonts and made not in unfinished and not is_said_later

    def _write(self, name: str) -> None:
        document = self._document
        if isinstance(document.idToObject[name], pdfdoc.PDFPage):
            _compress(document.idToObject[name])
            document.Pages.pages[-1] = pdfdoc.PDFObjectReference(name)  # it would keep the page
        written = pdfdoc.PDFIndirectObject(name, document.idToObject[name]).format(document)
        if written.endswith(_END):  # PDF/A wants the keyword on a line of its own
            written = b"".join((written[: -len(_END)], b"\n", _END))
        document.signature.update(written)  # the file's id follows from what is in it
        document.idToOffset[name] = self._file.add(written)
        document.idToObject[name] = None

    def _add_last_objects(self) -> None:
        document = self._document
        for font in document.delayedFonts:
            font.addObjects(document)
        document.info.invariant = document.invariant
        document.info.digest(document.signature)
        document.encrypt.prepare(document)
        document.Outlines.prepare(document, self._canvas)
        document.Catalog.Outlines = None
        document.Reference(document.Catalog)
        document.Reference(document.info)

    def _write_cross_references(self) -> None:
        document = self._document
        names = [document.numberToId[number] for number in range(1, self._next)]
        table = pdfdoc.PDFCrossReferenceTable()
        table.addsection(0, names)
        start = self._file.add(table.format(document))
        trailer = pdfdoc.PDFTrailer(
            startxref=start,
            Size=len(names) + 1,
            Root=document.Reference(document.Catalog),
            Info=document.Reference(document.info),
            ID=document.ID(),
        )
        self._file.add(trailer.format(document))
