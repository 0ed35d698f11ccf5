"""The commands `pulso verify` and `pulso published`."""

import argparse
from pathlib import Path

from indicators import codes
from indicators.claims.fields import Fields, check_region, claim_of, read_rough_period
from indicators.claims.render import FACT_FORMATS, FORMATS
from indicators.claims.verdict import verify
from indicators.edition import open_edition
from indicators.errors import NO_DATA
from indicators.files.writing import format_of, written
from indicators.published import facts, shares_of_every_period
from indicators.published.labels import NATION


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands; each keeps in `run` what makes its text and its exit code."""
    check = commands.add_parser("verify", help="comprueba una cifra citada")
    check.add_argument("number", help='la cifra como se dijo: "12 %%", "US$ 4.230 millones", "1.300 empresas"')
    check.add_argument("--about", required=True, help="share, growth, growth_firms, growth_sme, jobs, gdp, level …")
    check.add_argument("--format", choices=tuple(FORMATS), default="text")
    check.set_defaults(run=_verify)
    listed = commands.add_parser("published", help="cifras publicadas de una región")
    listed.add_argument("--metric", help="una medida: fob_total, growth, share_national, n_exporters …")
    listed.add_argument("--scope", help="un alcance: goods, goods+services, non_copper_non_lithium …")
    listed.add_argument("--format", choices=tuple(FACT_FORMATS), help="sin decirlo, el del nombre de --out, o texto")
    listed.add_argument("--out", type=Path, metavar="ARCHIVO", help="dónde escribir; xlsx y parquet lo necesitan")
    listed.set_defaults(run=_published)
    for command in (check, listed):
        command.add_argument(
            "--region", default=NATION, help="región, por código o nombre: 08 o Biobío; sin decirlo, Chile"
        )
        command.add_argument("--period", default="", help="2024, 2025-10 o 2025-01..2025-10; sin decirlo, cualquiera")
        command.add_argument("--edition", help="identificador de la edición; si no se dice, la vigente")


def _verify(asked: argparse.Namespace, data: Path) -> tuple[str, int]:
    edition = open_edition(data, asked.edition)
    region = codes.resolve(edition, "region", asked.region)
    claim = claim_of(edition, Fields(asked.number, asked.about, region, asked.period))
    return FORMATS[asked.format](verify(edition, claim)), 0


def _published(asked: argparse.Namespace, data: Path) -> tuple[str, int]:
    """Write the printed figures, and the shares worked out from them, that fit what is asked."""
    write = FACT_FORMATS[format_of(asked.format, asked.out)]
    edition, period = open_edition(data, asked.edition), read_rough_period(asked.period)
    region = codes.resolve(edition, "region", asked.region)
    check_region(edition, region)
    found = [
        fact
        for fact in (*facts(edition, region), *shares_of_every_period(edition, region))
        if asked.metric in (None, fact.metric)
        and asked.scope in (None, fact.scope)
        and (period is None or period.start <= fact.period.start <= fact.period.end <= period.end)
    ]
    return written(write(found), asked.out), 0 if found else NO_DATA
