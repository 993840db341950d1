"""The system's own dialogs: which printer, which file."""

from datetime import date
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QStandardPaths
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrinterInfo
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from enumerator_app.texts import text
from enumerator_app.ui.ports import SheetName
from enumerator_app.ui.printing.state import sides_of


class Dialogs(Protocol):
    """What the page asks of the system; a test answers it without a person."""

    def has_printer(self) -> bool: ...
    def printer_names(self) -> tuple[str, ...]: ...
    def printer_named(self, name: str, sheet: SheetName) -> QPrinter | None: ...
    def ask_printer(self, parent: QWidget, sheet: SheetName) -> QPrinter | None: ...
    def ask_file(self, parent: QWidget, today: date) -> Path | None: ...


class SystemDialogs:
    """The dialogs that people know from every other program."""

    def has_printer(self) -> bool:
        return bool(self.printer_names())

    def printer_names(self) -> tuple[str, ...]:
        return tuple(QPrinterInfo.availablePrinterNames())

    def printer_named(self, name: str, sheet: SheetName) -> QPrinter | None:
        """Return the printer of that name without asking; None if the system has it no more."""
        info = QPrinterInfo.printerInfo(name)
        if info.isNull():
            return None
        printer = QPrinter(info, QPrinter.PrinterMode.HighResolution)
        return _prepared(printer, text("printing.document"), both_sides=sides_of(sheet) > 1)

    def ask_printer(self, parent: QWidget, sheet: SheetName) -> QPrinter | None:
        """Return the printer that was chosen, with its copies and paper."""
        return chosen_printer(parent, text("printing.document"), both_sides=sides_of(sheet) > 1)

    def ask_file(self, parent: QWidget, today: date) -> Path | None:
        """Return where the PDF shall go; its proposed name says the day and nobody's name."""
        return chosen_file(parent, text("printing.file_name", date=f"{today:%Y-%m-%d}"))


def chosen_printer(parent: QWidget, document: str, *, both_sides: bool) -> QPrinter | None:
    """Ask for a printer; `document` is what its queue shows."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    _prepared(printer, document, both_sides=both_sides)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(text("printing.dialog"))
    accepted = dialog.exec() == QDialog.DialogCode.Accepted
    dialog.deleteLater()
    return printer if accepted else None


def _prepared(printer: QPrinter, document: str, *, both_sides: bool) -> QPrinter:
    printer.setDocName(document)
    if both_sides:
        printer.setDuplex(QPrinter.DuplexMode.DuplexLongSide)
    return printer


def chosen_file(parent: QWidget, name: str) -> Path | None:
    """Ask for a place among the documents; the answer always ends in .pdf."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    folder = QStandardPaths.writableLocation(place)
    proposed, title = str(Path(folder) / name), text("printing.save")
    chosen, _ = QFileDialog.getSaveFileName(parent, title, proposed, "PDF (*.pdf)")
    if not chosen:
        return None
    path = Path(chosen)
    return path if path.suffix.lower() == ".pdf" else path.with_name(f"{path.name}.pdf")
