"""What datos.gob.cl publishes: the yearly datasets of Aduanas and, of each month, its main file."""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from logging import getLogger
from typing import Any

from etl.errors import FetchError
from etl.sync.names import Role, file_name, is_correction, month_of, printable, role_of
from etl.sync.web import MissingError, Web

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
