"""What the open-data catalogue lists, and what each resource is by the words of its name."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from logging import getLogger
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from editions.errors import FetchError
from etl.sync.web import MissingError, Web

# -- What a published resource is, by the words of its name: spelling, accents, dashes and case promise
# nothing.

Role = Literal["main", "bultos", "transport", "metadata", "other"]

SEAM = re.compile(  # between words run together: BultosEnero, DUSEnero, enero2014, 2014Corregido
    r"(?<=[a-záéíóúñ])(?=[A-ZÁÉÍÓÚÑ])|(?<=[A-Z])(?=[A-ZÁÉÍÓÚ][a-záéíóú])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"
)
MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio",
          "julio", "agosto", "septiembre", "octubre", "noviembre", "diciembre")  # fmt: skip
MONTH_WORDS = {name: number for number, name in enumerate(MONTHS, 1)} | {"setiembre": 9}
MONTH_WORDS |= {name[:3]: number for name, number in MONTH_WORDS.items()} | {"sept": 9}
ROLES: tuple[tuple[Role, str], ...] = (  # words run together and cut short: BultosExportaciones, DTran, DctoTransp
    ("bultos", r"bulto"),
    ("transport", r"transp(?!aren)|\bd(oc|octo|cto|ocumento)?s?(de)? ?tran|\b(documento|docto|dcto|doc)s?\b"),
    ("metadata", r"metadat|diccionario|descripcion|estructura"),
)
MAIN = r"exportacion|\bexp\b|registro|\bdus\b"
NOT_RECORDS = {"xlsx", "xls", "pdf", "doc", "docx", "html"}
CORRECTED = (
    r"\b(correg|correcc|rectific|actualiz|reproces|reemplaz|definitiv|final(es)?\b|nuev[oa]s?\b"
    r"|(v|ver|version) ?0?([2-9]|1\d)\b|(segunda|tercera|[23] a) version\b)"
)


def normalise(name: str) -> str:
    """Return a name in lower case, without accents, its words apart: spaces for all that is no letter or digit."""
    plain = unicodedata.normalize("NFKD", SEAM.sub(" ", unicodedata.normalize("NFC", name)))
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9]+", " ", plain.lower()).strip()


def role_of(name: str, file_format: str, address: str) -> Role:
    """Return what a resource holds. Its name decides; where it is silent, the name of its file does."""
    for words in (normalise(name), normalise(file_name(address))):
        for role, sign in ROLES:
            if re.search(sign, words):
                return role
        if re.search(MAIN, words) or _month_number(words):
            return "metadata" if file_format.lower().lstrip(".") in NOT_RECORDS else "main"
    return "other"


def month_of(name: str, address: str, year: int | None) -> date | None:
    """Return the month a name speaks of, in the year it gives or else that of its dataset; None when it is silent."""
    for words in (normalise(name), normalise(file_name(address))):
        number = _month_number(words)
        said = re.search(r"\b(20\d\d|19\d\d)\b", words)
        in_year = int(said[1]) if said else year
        if number and in_year:
            return date(in_year, number, 1)
    return None


def is_correction(name: str) -> bool:
    """Tell whether a name says that it replaces another."""
    return bool(re.search(CORRECTED, normalise(name)))


def printable(text: str) -> str:
    """Return a text in one line, without what would steer a terminal."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())


def file_name(address: str) -> str:
    """Return the last part of an address."""
    try:
        return printable(unquote(urlsplit(address).path).rsplit("/", 1)[-1])
    except ValueError:
        return ""


def _month_number(words: str) -> int | None:
    for word in words.split():
        if word in MONTH_WORDS:
            return MONTH_WORDS[word]
    numeric = re.search(r"\b(?:20\d\d) ?(0[1-9]|1[0-2])\b|\b(0[1-9]|1[0-2]) ?(?:20\d\d)\b", words)
    return int(numeric[1] or numeric[2]) if numeric else None


# -- What datos.gob.cl publishes: the yearly datasets of Aduanas and, of each month, its main file.

log = getLogger(__name__)

PUBLISHER = "AE007"
SLUG = re.compile(r"registros?-de-exportaci(?:on|ones)-(\d{4})(?:-.*)?")
SLUGS = ("registro-de-exportacion-{year}", "registro-de-exportaciones-{year}", "registros-de-exportacion-{year}")
PAGE = 100
MOST_PAGES = 50
LABEL = "datos.gob.cl"


@dataclass(frozen=True)
class Resource:
    """One published file. `size_bytes` is what the listing says, which may be wrong or missing."""

    id: str
    name: str
    address: str
    role: Role
    month: date | None
    file_format: str
    size_bytes: int | None
    changed_at: str

    @property
    def file_name(self) -> str:
        """The name its file has at the publisher."""
        return file_name(self.address) or self.name


@dataclass(frozen=True)
class Catalogue:
    """The main file of each month, those whose month only their content can tell, and what was odd.

    `rivals` are the other main files of a month, the best first; `companions` its bultos and transport documents.
    """

    by_month: dict[date, Resource]
    undated: tuple[Resource, ...]
    notes: tuple[str, ...]
    rivals: dict[date, tuple[Resource, ...]] = field(default_factory=dict)
    companions: dict[date, tuple[Resource, ...]] = field(default_factory=dict)


def discover(web: Web, first: date, last: date) -> Catalogue:
    """Return what is published for these months. Raises FetchError when the listing cannot be had."""
    years = range(first.year, last.year + 1)
    packages = {year: found for year, found in _searched(web) if year in years}
    notes = []
    for year in years:
        if year not in packages:
            found = _by_slug(web, year)
            if found is None:
                notes.append(f"{year}: datos.gob.cl no publica un conjunto de exportaciones de ese año.")
            else:
                packages[year] = [found]
    resources = [
        resource for year, found in packages.items() for package in found for resource in resources_of(package, year)
    ]
    return choose([one for one in resources if one.month is None or first <= one.month <= last], notes)


def resources_of(package: dict[str, Any], year: int | None) -> list[Resource]:
    """Return the resources of one CKAN dataset, each with its role and month."""
    found = []
    for entry in _objects(package.get("resources")):
        address, name = printable(str(entry.get("url") or "")), printable(str(entry.get("name") or ""))
        file_format = str(entry.get("format") or "").lower().lstrip(".")
        found.append(
            Resource(
                id=_plain_id(str(entry.get("id") or address)),
                name=name,
                address=address,
                role=role_of(name, file_format, address),
                month=month_of(name, address, year),
                file_format=file_format,
                size_bytes=_size(entry.get("size")),
                changed_at=str(entry.get("last_modified") or entry.get("created") or ""),
            )
        )
    return found


def choose(resources: Iterable[Resource], notes: Iterable[str] = ()) -> Catalogue:
    """Return one main file a month: the one that says it corrects, else the newest; the others are noted."""
    listed = {resource.id: resource for resource in resources}.values()
    sentences = [*notes]
    sentences += [
        f"«{one.name[:80]}»: no se reconoce qué es; se deja de lado." for one in listed if one.role == "other"
    ]
    mains = _by_month(one for one in listed if one.role == "main")
    companions = _by_month(one for one in listed if one.role in ("bultos", "transport"))
    for month, (best, *others) in mains.items():
        sentences += [
            f"{month:%Y-%m}: publicado dos veces; se usa «{best.name}», no «{other.name}»." for other in others
        ]
    sentences += [
        f"{month:%Y-%m}: sólo se publican bultos o documentos de transporte; falta el archivo principal."
        for month in companions
        if month not in mains
    ]
    return Catalogue(
        by_month={month: best for month, (best, *_) in mains.items()},
        undated=tuple(one for one in listed if one.role == "main" and one.month is None),
        notes=tuple(sentences),
        rivals={month: tuple(others) for month, (_, *others) in mains.items()},
        companions={month: tuple(others) for month, others in companions.items()},
    )


def _by_month(resources: Iterable[Resource]) -> dict[date, list[Resource]]:
    """Return the resources of each month, the one to use first."""
    by_month: dict[date, list[Resource]] = {}
    for resource in sorted(resources, key=_rank, reverse=True):
        if resource.month is not None:
            by_month.setdefault(resource.month, []).append(resource)
    return dict(sorted(by_month.items()))


def _rank(resource: Resource) -> tuple[bool, str, str]:
    corrects = is_correction(resource.name) or is_correction(resource.file_name)
    return corrects, resource.changed_at, resource.id


def _searched(web: Web) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Return the publisher's export datasets by year, as the search finds them; none when the search fails."""
    found: dict[int, list[dict[str, Any]]] = {}
    try:
        for package in _pages(web):
            slug = SLUG.fullmatch(str(package.get("name")))
            if slug:
                found.setdefault(int(slug[1]), []).append(package)
    except MissingError as error:
        log.info("%s; se prueban los nombres conocidos.", error)
    yield from found.items()


def _pages(web: Web) -> Iterator[dict[str, Any]]:
    start = 0
    for _ in range(MOST_PAGES):
        result = _asked(web, "package_search", fq=f"owner_org:{PUBLISHER}", rows=str(PAGE), start=str(start))
        packages = _objects(result.get("results"))
        yield from packages
        start += len(packages)
        if not packages or start >= (_size(result.get("count")) or 0):
            return


def _by_slug(web: Web, year: int) -> dict[str, Any] | None:
    for slug in SLUGS:
        try:
            package = _asked(web, "package_show", id=slug.format(year=year))
        except MissingError:
            continue
        if package.get("owner_org") == PUBLISHER:  # anyone may take a name that is free
            return package
    return None


def _asked(web: Web, action: str, **params: str) -> dict[str, Any]:
    answer = web.json(f"{web.settings.ckan}/{action}", label=LABEL, params=params)
    result = answer.get("result") if isinstance(answer, dict) and answer.get("success") else None
    if not isinstance(result, dict):
        raise FetchError(f"{LABEL}: «{action}» no respondió lo que una lista CKAN responde; repita más tarde.")
    return result


def _objects(value: Any) -> list[dict[str, Any]]:
    """Return the objects of a JSON list; what is neither is left out."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _size(value: Any) -> int | None:
    """Return a number of the listing, which may be written as text, or None."""
    text = str(value)
    return int(text) if re.fullmatch(r"[0-9]{1,15}", text) else None


def _plain_id(text: str) -> str:
    """Return the resource's id when it can be a file name, else a hash of it."""
    return text if re.fullmatch(r"[A-Za-z0-9-]{1,64}", text) else hashlib.sha256(text.encode()).hexdigest()[:32]
