"""The small firms that export: how many, how they grow, where the growth comes from, what weight they have."""

import streamlit as st

from indicators.narrative import pymes as pymes_narrative
from ui import data
from ui.blocks import blocks, tables
from ui.charts import answers
from ui.charts import pymes as pymes_charts
from ui.widgets import filters, view
from words.language import t

LATEST = "ytd"

shown = view.bar(parts=("region", "sector", "country", "window"), metric="exporters")
blocks.title(t("Pymes exportadoras de {place}", place=shown.place))
rule = filters.pick("size", {"pyme": t("Pyme"), "mipyme": t("Mipyme (con micro)")}, label=t("Qué es pyme"))
region = shown.parts["region"]
flow = "goods" if shown.edition.holds_no_firm else "goods+services"  # a firm exports whatever it sells
asked = {"flow": flow, "size": rule}
growth = shown.ask("sme_growth", **asked)

blocks.band(t("Lo publicado"), "publicado", t("Cifras reales: quién las publicó, cuándo y dónde."))
with st.grid(2, min_column_width=blocks.CHART_WIDTH):
    if "," not in region:
        with st.container():
            tables.firms(data.published_summary(shown.edition.id, region).firms)
        weights = data.company_weights(shown.edition.id, region, rule)
        blocks.chart(
            pymes_charts.weights(weights, shown.place), missing=t("El SII no cuenta empresas por tamaño aquí.")
        )
    tables.sme_shares(data.sme_shares(shown.edition.id))
    tables.quoted_weights(region)

with st.container(border=True):
    blocks.edition_band(shown.edition)
    blocks.sentence(pymes_narrative.headline(growth))
    with st.grid(2, min_column_width=blocks.CHART_WIDTH):
        blocks.chart(pymes_charts.three_ways(growth), missing=blocks.why(growth))
        with blocks.card():
            found = shown.ask("sme_bridge", **asked)
            blocks.draw(pymes_charts.bridge(found), missing=blocks.why_parts(found))
        with blocks.card():
            found = shown.ask("exporters", split="size", flow=flow)
            blocks.draw(
                pymes_charts.by_part(found, name="tamanos", title=pymes_narrative.mix_title(found)),
                missing=blocks.why(found),
            )
        with blocks.card():
            found = shown.ask("fob", split="size", flow=flow)
            title = pymes_narrative.mix_title(found)
            blocks.draw(pymes_charts.by_part(found, name="valor-por-tamano", title=title), missing=blocks.why(found))
        with blocks.card():
            periods = data.whole_years(shown.edition.id)[1:] or (LATEST,)  # ten months are no year: apart, not beside
            entries = [shown.ask("entry", window=one, compare="year_before", **asked) for one in periods]
            exits = [shown.ask("exit", window=one, compare="year_before", **asked) for one in periods]
            blocks.draw(pymes_charts.turnover(entries, exits), missing=blocks.why(entries[-1]))
        with blocks.card():
            found = shown.ask("survival", window=None, compare="year_before", **asked)
            blocks.draw(pymes_charts.survival(found), missing=blocks.why(found))
        with blocks.card():
            found = shown.ask("contribution_pp", split=shown.sectors, **asked)
            blocks.draw(answers.movers(found), missing=blocks.why(found))
        with blocks.card():
            found = shown.ask("exporters", split=shown.sectors, **asked)
            blocks.draw(pymes_charts.by_sector(found), missing=blocks.why(found))
    with st.grid(3, min_column_width=blocks.CARD_WIDTH):
        for metric, more in (
            ("single_product_firms", {}),
            ("single_market_firms", {}),
            ("regular_exporter", {"window": None}),
        ):
            with blocks.told():
                answer = shown.ask(metric, **(asked | more))
                blocks.answer_card(answer, label=answer.label)
    with blocks.told():
        tables.per_thousand(data.per_thousand(shown.edition.id, region, rule), shown.place)
    blocks.notes([growth])
