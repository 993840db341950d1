"""Whether what the office sends is only what it means: pages, tables and papers, taken apart.

Asked of a page: only our own elements, attributes and addresses. Of a table: text cells alone. Of a
paper: words, and nothing that acts.
"""

import csv
import io
import re
import zipfile
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import openpyxl
import pypdfium2
from httpx2 import Response

from enumerator_app.resource_files import resource_path
from sync.server.web import drawing, icons
from sync.server.web.site import POLICY
from tests.server.planted import MARK
from tests.server.walking import Page

SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # noqa: RUF001 - some read the wide ones
ADDRESSES = {"href", "src", "action", "formaction", "xlink:href", "data", "poster"}
# Where a word of somebody's may stand in a tag.
WORDS = {"value", "title", "alt", "aria-label", "placeholder"}
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PICTURES = {"image/jpeg", "image/png", "image/svg+xml", "font/woff2"}
ASSETS = {"text/css", "text/javascript", "application/javascript"}


@cache
def ours() -> tuple[frozenset[str], frozenset[str]]:
    """The elements and attributes that the program itself writes, out of its own sources."""
    sources = [Path(drawing.__file__), Path(icons.__file__), *resource_path("web").glob("*.html")]
    written = "\n".join(one.read_text(encoding="utf-8") for one in sources)
    tags = re.findall(r"<([a-zA-Z][\w-]*)", written)
    names = re.findall(r"\s([a-zA-Z][\w:-]*)(?==|[\s>%{])", written)
    return frozenset(one.lower() for one in tags), frozenset(one.lower() for one in names)


def wrong(answer: Response) -> list[str]:
    """What is wrong with an answer, whatever it is; nothing if it is inert."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    found = [] if answer.headers.get("x-content-type-options") == "nosniff" else ["may be sniffed"]
    if kind == "text/html":
        if answer.headers.get("content-security-policy") != POLICY:
            found.append("no policy")
        return found + page_wrong(answer.text)
    if kind in PICTURES | ASSETS or not answer.content:
        return []
    return found + file_wrong(kind, answer.content)


def file_wrong(kind: str, content: bytes) -> list[str]:
    match kind:
        case "text/csv":
            return csv_wrong(content)
        case "application/pdf":
            return pdf_wrong(content)
        case "application/zip":
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                return [
                    line
                    for name in packed.namelist()
                    for line in file_wrong(_kind_of(name), packed.read(name))
                ]
    return xlsx_wrong(content) if kind == XLSX else [f"a kind that nobody looks into: {kind}"]


def _kind_of(name: str) -> str:
    kinds = {".pdf": "application/pdf", ".csv": "text/csv", ".xlsx": XLSX}
    return kinds.get(Path(name).suffix, name)


def page_wrong(text: str) -> list[str]:
    tags, names = ours()
    page, found = Page(text), []
    for tag, said in page.tags:
        if tag not in tags:
            found.append(f"element {tag}")
        for name, value in said.items():
            if name not in names or name.startswith("on") or name == "style":
                found.append(f"attribute {name} of {tag}")
            if name in ADDRESSES:
                found += [f"address {value[:60]}"] if not _is_ours(value) else []
            elif MARK + "-" in value and name not in WORDS:
                found.append(f"{tag} {name} holds {value[:60]}")
        if tag == "script" and not said.get("src", "").startswith("/static/"):
            found.append("a script of its own")
    found += [f"text in {tag}" for tag, _ in page.words if tag in {"script", "style"}]
    if "47569433" in re.sub(r"[\d-]{12,}", "", text) and "{{6007*7919}}" not in text:
        found.append("braces were computed")
    return found


def _is_ours(address: str) -> bool:
    parts = urlsplit(address)
    return not parts.scheme and not parts.netloc and MARK + "-" not in address and (
        address == "" or address[0] in "/?#" or re.fullmatch(r"[\w./-]+", address) is not None
    )  # fmt: skip


def csv_wrong(content: bytes) -> list[str]:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [f"cell {cell[:40]!r}" for row in rows for cell in row if cell.startswith(SIGNS)]


def xlsx_wrong(content: bytes) -> list[str]:
    found = []
    for sheet in openpyxl.load_workbook(io.BytesIO(content)).worksheets:
        for row in sheet.iter_rows():
            found += [
                f"{one.coordinate} {one.data_type}"
                for one in row
                if one.hyperlink
                or (one.value is not None and one.data_type not in {"s", "inlineStr"})
            ]
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        found += [n for n in parts.namelist() if "externalLink" in n or "vba" in n.lower()]
    return found


def pdf_wrong(content: bytes) -> list[str]:
    names = (b"/JavaScript", b"/JS", b"/Launch", b"/URI", b"/OpenAction", b"/EmbeddedFile")
    return [name.decode() for name in names if re.search(re.escape(name) + rb"\b", content)]


def words_of(answer: Response) -> str:
    """What a person reads in it."""
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind == "application/pdf":
        if b"/Page" not in answer.content:  # a scan that only begins like one
            return ""
        with pypdfium2.PdfDocument(answer.content) as document:
            return " ".join(page.get_textpage().get_text_range() for page in document)
    if kind == XLSX:
        sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
        return " ".join(str(one) for row in sheet.iter_rows(values_only=True) for one in row)
    if kind == "text/html":
        page = Page(answer.text)
        values = [value for _, said in page.tags for value in said.values()]
        return " ".join([*(text for _, text in page.words), *values])
    return answer.text if kind.startswith("text/") else ""
