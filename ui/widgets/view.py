"""The filter and definition bar, the same on every page, and what the page asks with it."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import duckdb
import streamlit as st

from editions import current
from editions.edition import Edition
from editions.errors import IndicatorError, QuestionError
from indicators.engine.context import METROPOLITAN, describe
from indicators.engine.pivot import PARTS, Pivot, next_split, pivot
from indicators.engine.result import Answer
from indicators.question.dimensions import SECTOR_SCHEMES
from indicators.question.question import Question
from indicators.question.scope import CONCEPTS, FLOW_LABELS, NATION, PUBLISHED, SIZE_LABELS
from indicators.receipts.diff import Moved
from ui import address, data
from ui.text import capitalised, plain
from ui.widgets import filters, language_switch
from ui.widgets.product_picker import picker
from words.formats import MISSING, listing, quantity
from words.language import t

# -- A link that names an edition shows that edition, and says what the current one holds in its place.

REASONS_SHOWN = 3


def tell(edition: Edition, question: str) -> None:
    """Say under the filters, when the link names an older edition, what its headline figure is in the current one."""
    on_screen = current.current_id()
    if on_screen in (None, edition.id):
        return
    st.info(plain(_said(edition.id, str(on_screen), question)), icon=":material/push_pin:")


def tell_figure(answer: Answer) -> None:
    """Say what a figure is in the current edition, when another one is on the screen."""
    on_screen = current.current_id()
    if on_screen not in (None, answer.edition_id):
        st.caption(plain(_said(answer.edition_id, str(on_screen), str(answer.question))))


def _said(old_id: str, new_id: str, question: str) -> str:
    opening = t("Este enlace muestra la edición {old}; la vigente es {new}.", old=old_id, new=new_id)
    try:
        difference = data.moved(old_id, new_id, question)
    except (IndicatorError, duckdb.Error) as error:
        return t("{opening} La cifra no se puede comparar: {why}", opening=opening, why=error)
    return t("{opening} {figure}", opening=opening, figure=comparison(difference))


def comparison(difference: Moved) -> str:
    """Return the figure in both editions and, where it is known, why they differ."""
    old, new = difference.old, difference.new
    what = t("{label}, {place}, {window}", label=old.label, place=old.region_label, window=old.window_label)
    before = quantity(old.value, old.unit)
    if difference.is_same:
        return t("{what}: {value} en ambas.", what=what, value=before)
    why = "; ".join(_reasons(difference)) or t("no se conoce la razón")
    after = quantity(new.value, new.unit) if new.value is not None else f"{t(MISSING)} ({_first_reason(new)})"
    return t(
        "{what}: {before} en la edición del enlace, {after} en la vigente. Por qué: {why}.",
        what=what,
        before=before,
        after=after,
        why=why,
    )


def _reasons(difference: Moved) -> list[str]:
    if difference.old.badge != difference.new.badge:
        kinds = {"old": t(difference.old.badge), "new": t(difference.new.badge)}
        return [t("los datos del enlace son de otra clase ({old}) que los vigentes ({new})", **kinds)]
    first = [reason.rstrip(".") for reason in difference.why[:REASONS_SHOWN]]
    rest = len(difference.why) - len(first)
    return first + ([t("y {n} cambios más", n=rest)] if rest else [])


def _first_reason(answer: Answer) -> str:
    return answer.reasons[0].text.rstrip(".") if answer.reasons else ""


# -- The filter and definition bar, the same on every page, and what the page asks with it.

EVERY = ("region", "sector", "country", "hs", "flow", "exclude", "window", "compare", "concept", "size")
SCHEME = "scheme"
OLD_BIOBIO = "08,16"  # until September 2018 they were one region
SCHEME_NAMES = {"prochile": "ProChile", "bcch": "Banco Central", "ine": "INE"}
WIDTHS = {  # of the filters of the bar: a name and the cursor fit in one line, or the page jumps under the next click
    "region": 230,
    "sector": 235,
    "service_type": 250,
    "country": 215,
}


@dataclass(frozen=True)
class View:
    """What the reader chose: an edition, the parts of every question of the page, and the scheme of sectors."""

    edition: Edition
    parts: Mapping[str, str]
    place: str
    scheme: str = SECTOR_SCHEMES[0]

    @property
    def sectors(self) -> str:
        """The split by sector of the chosen scheme."""
        return f"sector:{self.scheme}"

    @property
    def region(self) -> str | None:
        """The region (or the nation) when it is one: what is published is of one at a time."""
        codes = self.parts.get("region", NATION)
        return None if "," in codes else codes

    @property
    def badge(self) -> str:
        """How far what the edition computes can be trusted."""
        return self.ask("fob").badge

    @property
    def is_opened(self) -> bool:
        """Whether a sector, product or destination is chosen."""
        return any(part in self.parts for part in PARTS)

    @property
    def next_split(self) -> str:
        """What the slice is opened by next: sectors, products ever finer, destinations."""
        return next_split(self.question("fob"), self.sectors)

    def question(self, metric: str, **parts: str | int | None) -> Question:
        """Return the question about a metric under the chosen parts; a part given here takes its place (None: unsaid).

        Raises QuestionError, in one sentence, where the metric cannot be asked so.
        """
        return Question(metric, **(dict(self.parts) | parts))  # type: ignore[arg-type]

    def ask(self, metric: str, **parts: str | int | None) -> Answer:
        """Return the answer to `question`, from the cache where it was asked before."""
        return data.answer(self.edition.id, str(self.question(metric, **parts)))

    def sentence(self, metric: str) -> str:
        """Say in words what the parts of the address ask for."""
        return describe(self.edition, self.ask(metric).question.but(source=None))

    def pivot(self, metric: str, rows: str, columns: str | None) -> Pivot:
        """Return a metric by two dimensions, every cell an answer under the chosen parts."""
        rows_question = self.question(metric, split=rows)
        return pivot(rows_question, columns or None, ask=lambda question: data.answer(self.edition.id, str(question)))


def bar(
    *,
    parts: tuple[str, ...] = EVERY,
    region: str = filters.DEFAULT_REGION,
    fixed: Mapping[str, str] | None = None,
    one_region: bool = False,
    metric: str = "fob",
) -> View:
    """Show the filters that the page has a use for, and the edition; return what is chosen, or tell what is wrong.

    `fixed` are parts that every question of the page has, whatever is chosen. With `one_region` a click changes it.
    `metric` is what the page is about: the line under the filters says it with its months.
    """
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        places = {name: st.container(width=WIDTHS[name]) for name in WIDTHS if name in parts}
        product = st.container(width="content")
        definition = st.popover(t("Definición"), icon=":material/tune:")
        st.button(t("Restablecer"), icon=":material/restart_alt:", type="tertiary", on_click=_reset, args=(parts,))
    said_place = language_switch.beside(level="center")
    with definition:
        edition = filters.chosen_edition()
        scheme = _scheme() if "sector" in parts else SECTOR_SCHEMES[0]
        choices = _definition(edition, parts)
    for name, container in places.items():
        with container:
            has_one_region = one_region and name == "region"
            choices[name] = _one_region(edition, region) if has_one_region else _filter(name, edition, scheme, region)
    if "hs" in parts:
        with product:
            choices["hs"] = picker(edition)
    said = MappingProxyType({name: value for name, value in choices.items() if value} | dict(fixed or {}))
    view = _checked(View(edition, said, _place(edition, said), scheme))
    with said_place:
        st.caption(plain(view.sentence(metric)))
    return view


def _one_region(edition: Edition, default: str) -> str:
    """Show the selector of one region, of the country, or of Biobío as it was before Ñuble left it."""
    names = data.place_names(edition.id)
    whole = {OLD_BIOBIO: listing([names[code] for code in OLD_BIOBIO.split(",")])}
    return filters.part("region", {**names, **whole}, label=t("Región"), default=default)


def _filter(name: str, edition: Edition, scheme: str, region: str) -> str:
    """Show one of the filters that say which exports are looked at."""
    if name == "region":
        names = data.place_names(edition.id)
        return filters.choices(
            name, names, label=t("Región"), placeholder=t("Todo Chile"), default=region, whole=NATION
        )
    if name == "sector":
        names = data.sector_names(edition.id, scheme)
        return filters.choices(name, names, label=t("Sector"), placeholder=t("Todos"), prefix=scheme)
    if name == "service_type":
        types = data.names(edition.id, name)
        return filters.choices(name, types, label=t("Tipo de servicio"), placeholder=t("Todos"))
    return filters.choices(name, data.country_names(edition.id), label=t("Destino"), placeholder=t("Todos"))


def _definition(edition: Edition, parts: tuple[str, ...]) -> dict[str, str]:
    """Show how the figure is defined: period, comparison, flow, exclusions, concept of region, rule of size."""
    options: dict[str, tuple[str, Mapping[str, str]]] = {
        "window": (t("Período"), data.windows(edition.id)),
        "compare": (t("Se compara con"), {"year_before": t("Igual período del año anterior"), "none": t("Nada")}),
        "flow": (t("Flujo"), {flow: capitalised(t(label)) for flow, label in FLOW_LABELS.items()}),
        "exclude": (
            t("Se excluye"),
            {"": t("Nada"), "copper": t("Cobre"), "lithium": t("Litio"), "copper,lithium": t("Cobre y litio")},
        ),
        "concept": (t("Región según"), {name: capitalised(t(concept.label)) for name, concept in CONCEPTS.items()}),
        "source": (t("De dónde"), {"": t("La edición"), PUBLISHED: t("Lo publicado")}),
        "size": (t("Tamaño de empresa"), {"": t("Todas"), **{s: capitalised(t(n)) for s, n in SIZE_LABELS.items()}}),
    }
    values = {}
    for name, (label, choices) in options.items():
        if name in parts:
            values[name] = filters.part(name, choices, label=label)
    return values


def _scheme() -> str:
    """Show the selector of the scheme; a chosen sector tells its own, and nothing is added to the address for it."""
    prefix = address.said("sector", "").partition(":")[0]
    default = prefix if prefix in SECTOR_SCHEMES else SECTOR_SCHEMES[0]
    if st.query_params.get(SCHEME, default) != default and prefix == default:
        address.forget(SCHEME)  # the address contradicts itself: the sector is the finer part
    scheme = filters.choice(SCHEME, SCHEME_NAMES, label=t("Sectores según"), default=default, clears="sector")
    if scheme is None:
        filters.stop(t("No existe la clasificación «{name}»; elija una de la lista.", name=st.query_params[SCHEME]))
    return scheme


def _place(edition: Edition, parts: Mapping[str, str]) -> str:
    names = data.place_names(edition.id) | {METROPOLITAN: t("la Región Metropolitana")}
    return listing([names.get(code, code) for code in parts.get("region", NATION).split(",")])


def _checked(view: View) -> View:
    """Refuse an address that names what does not exist, with the sentence that says what does."""
    try:
        view.ask("fob")
    except QuestionError as error:
        filters.stop(str(error))
    tell(view.edition, str(view.question("fob")))
    return view


def _reset(parts: tuple[str, ...]) -> None:
    address.forget(*parts, SCHEME, "edition")
