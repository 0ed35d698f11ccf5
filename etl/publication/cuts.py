"""The declared list of what is published of firms (`data/reference/published_cuts.toml`), as dimensions and cuts."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

from editions.errors import ContractError
from editions.folders import REFERENCE
from etl.publication.table import Cut, Dimension

NATION, BIOBIO_AND_NUBLE, ALL = "CL", "08,16", "*"
REGIONS = tuple(f"{code:02d}" for code in range(1, 17))
OTHER_ORIGINS = ("00", "20")
ALL_REGIONS = ",".join(REGIONS)
SIZES = ("micro", "pequena", "mediana", "grande", "sin_informacion")
SEGMENTS = ("goods", "services")
SCHEMES = ("bcch", "prochile", "ine")
UNKNOWN = "?"


@dataclass(frozen=True)
class DeclaredCut:
    """One entry of the list: what is crossed with the regions, and for how many of the newest years."""

    name: str
    flows: tuple[str, ...]
    sizes: tuple[str, ...]
    years: int
    schemes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Declaration:
    """What a public edition holds: the length of its periods in months, and its cuts."""

    months: int
    cuts: tuple[DeclaredCut, ...]


def declaration() -> Declaration:
    """Return the list as it is declared. Raises ContractError when its periods do not fill a year."""
    declared = tomllib.loads((REFERENCE / "published_cuts.toml").read_text(encoding="utf-8"))
    if declared["months"] not in (1, 2, 3, 4, 6, 12):
        raise ContractError("published_cuts.toml: «months» es 1, 2, 3, 4, 6 o 12, para que los períodos llenen el año.")
    cuts = tuple(
        DeclaredCut(
            name=entry["name"],
            flows=tuple(entry["flows"]),
            sizes=tuple(entry["sizes"]),
            years=entry["years"],
            schemes=tuple(entry.get("schemes", ())),
        )
        for entry in declared["cut"]
    )
    return Declaration(declared["months"], cuts)


def region_dimension() -> Dimension:
    """The regions of origin: the nation holds also what has none; Biobío with Ñuble is its shape before 2018."""
    nodes = {code: frozenset({code}) for code in (*REGIONS, *OTHER_ORIGINS)}
    nodes |= {BIOBIO_AND_NUBLE: frozenset({"08", "16"}), ALL_REGIONS: frozenset(REGIONS)}
    nodes |= {NATION: frozenset({*REGIONS, *OTHER_ORIGINS})}
    others = tuple(code for code in REGIONS if code not in ("08", "16"))
    return Dimension(
        "region",
        nodes,
        (
            (NATION, (ALL_REGIONS, *OTHER_ORIGINS)),
            (ALL_REGIONS, (BIOBIO_AND_NUBLE, *others)),
            (BIOBIO_AND_NUBLE, ("08", "16")),
        ),
    )


def size_dimension() -> Dimension:
    """The classes, the two rules (pyme, mipyme) and their complement, which a reader gets by subtraction."""
    nodes = {size: frozenset({size}) for size in SIZES}
    nodes |= {"pyme": frozenset({"pequena", "mediana"}), "mipyme": frozenset({"micro", "pequena", "mediana"})}
    nodes |= {"no_pyme": frozenset({"micro", "grande", "sin_informacion"}), ALL: frozenset(SIZES)}
    return Dimension(
        "size",
        nodes,
        (
            (ALL, ("mipyme", "grande", "sin_informacion")),
            ("mipyme", ("micro", "pyme")),
            ("pyme", ("pequena", "mediana")),
            (ALL, ("pyme", "no_pyme")),
            ("no_pyme", ("micro", "grande", "sin_informacion")),
        ),
    )


def flow_dimension() -> Dimension:
    """Goods, services, and both."""
    nodes = {segment: frozenset({segment}) for segment in SEGMENTS} | {"goods+services": frozenset(SEGMENTS)}
    return Dimension("flow", nodes, (("goods+services", SEGMENTS),))


def facet_dimension(combinations: Sequence[str], markets: Sequence[str]) -> Dimension:
    """What goods are cut by besides: the sectors of each scheme, or the market; never both.

    A code is `bcch|prochile|ine|continent`. Sectors of two schemes can overlap, so the combinations of them are the
    parts that a reader could work out; they are nodes too, and not published.
    """
    codes = [f"{sectors}|{market}" for sectors in combinations for market in markets]
    nodes: dict[str, set[str]] = {ALL: set(codes)}
    for code in codes:
        *sectors, market = code.split("|")
        for scheme, sector in zip(SCHEMES, sectors, strict=True):
            nodes.setdefault(f"{scheme}:{sector}", set()).add(code)
        nodes.setdefault(f"market:{market}", set()).add(code)
        nodes.setdefault(f"combination:{'|'.join(sectors)}", set()).add(code)
    names = {kind: tuple(node for node in nodes if node.startswith(f"{kind}:")) for kind in (*SCHEMES, "market")}
    partitions = [(ALL, parts) for parts in names.values()]
    for place, scheme in enumerate(SCHEMES):
        for node in names[scheme]:
            inside = (n for n in nodes if n.startswith("combination:"))
            parts = tuple(n for n in inside if n.partition(":")[2].split("|")[place] == node.partition(":")[2])
            partitions.append((node, parts))
    return Dimension("facet", {node: frozenset(held) for node, held in nodes.items()}, tuple(partitions))


def level_cuts(dimensions: Sequence[Dimension], declared: Sequence[DeclaredCut]) -> tuple[Cut, ...]:
    """Return the cells of the declared cuts; `dimensions` are region, size, flow and facet, in that order."""
    return tuple(_level_cut(dimensions, entry) for entry in declared)


def _level_cut(dimensions: Sequence[Dimension], entry: DeclaredCut) -> Cut:
    region, size, _, facet = dimensions
    is_by_class = set(SIZES) <= set(entry.sizes)
    sizes = tuple(size.nodes) if is_by_class else (ALL, "pyme", "no_pyme")
    facets = tuple(node for node in facet.nodes if node == ALL or node.partition(":")[0] in _kinds(entry))
    return Cut(
        nodes=(tuple(region.nodes), sizes, entry.flows, facets),
        published=(
            frozenset(region.nodes),
            frozenset({ALL, *entry.sizes}),
            frozenset(entry.flows),
            frozenset(node for node in facets if not node.startswith("combination:")),
        ),
    )


def _kinds(entry: DeclaredCut) -> tuple[str, ...]:
    """Return the kinds of facets a cut has: sectors bring the combinations of schemes that they are made of."""
    return {"sector": (*entry.schemes, "combination"), "market": ("market",)}.get(entry.name, ())
