"""Why a paper is printed again: one list for the window and for the command."""

from typing import Final

REASONS: Final = ("lost", "damaged", "misprint", "changed", "printer_stopped")
