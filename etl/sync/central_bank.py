"""UF and dollar of the Banco Central (BDE). The password travels in the address: it is never said, kept or logged."""

import calendar
import hashlib
import json
from datetime import UTC, date, datetime

from editions.errors import FetchError, SourceError
from editions.folders import Workspace
from etl.raw.bcch import DOLLAR, UF, code_of, observations
from etl.raw.stage import Delivery, write_delivery
from etl.sync.download import Fetched
from etl.sync.web import Web

RESOURCE = "bcch-series"
FIRST_DAY = date(2010, 1, 1)
NAMES = {UF: "UF", DOLLAR: "dólar observado"}
FAULTS = {
    -5: "rechazó el usuario o la clave (código −5); revise BCCH_USER y BCCH_PASS",
    -50: "no conoce la serie (código −50)",
    -1: "no aceptó las fechas pedidas (código −1)",
}
NO_CREDENTIALS = "Banco Central: sin BCCH_USER y BCCH_PASS; se sigue con la UF de la tabla de referencia y sin dólar."


def fetch_series(web: Web, workspace: Workspace, known: Delivery | None, *, today: date) -> Fetched:
    """Return the answers for UF and dollar, one after the other as they came, as one raw file with its passport.

    They end at the last whole month, so that a day gives no new edition. Raises FetchError without the password.
    """
    last = _end_of_month_before(today)
    body = b"\n".join(_series(web, series, last) for series in (UF, DOLLAR)) + b"\n"
    if any(secret.encode() in body for secret in web.settings.secrets):
        raise FetchError("Banco Central: la respuesta repite las credenciales; no se guarda.")
    _refuse_odd(body, last)
    sha256 = hashlib.sha256(body).hexdigest()
    if known is not None and known.sha256 == sha256:
        return Fetched(known, is_new=False)
    raw_file = f"{sha256[:16]}-bcch-series.json"
    draft = workspace.raw / f"{raw_file}.part"
    draft.write_bytes(body)
    draft.replace(workspace.raw / raw_file)
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    delivery = Delivery(
        RESOURCE, web.settings.bcch, "bcch-series.json", None, None, None, sha256, len(body), raw_file, now
    )
    write_delivery(workspace, delivery)
    return Fetched(delivery, is_new=True)


def _series(web: Web, series: str, last: date) -> bytes:
    settings = web.settings
    label = f"Banco Central, {NAMES[series]}"
    asked = {
        "user": settings.bcch_user or "",
        "pass": settings.bcch_pass or "",
        "function": "GetSeries",
        "timeseries": series,
        "firstdate": FIRST_DAY.isoformat(),
        "lastdate": last.isoformat(),
    }
    body = web.body(settings.bcch, label=label, params=asked).strip()
    try:
        code = code_of(json.loads(body))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise FetchError(f"{label}: respondió algo que no es la respuesta de su API; repita más tarde.") from None
    if code != 0:
        raise FetchError(f"{label}: {FAULTS.get(code, f'respondió con el código {code}')}.")
    return body


def _refuse_odd(body: bytes, last: date) -> None:
    """Raise SourceError for answers that the load would refuse, or of other days than those asked for."""
    rows = observations(body.decode("utf-8", "replace"), "Banco Central")
    outside = [day for _, day, _ in rows if not FIRST_DAY <= day <= last]
    missing = [NAMES[series] for series in NAMES if series not in {one for one, _, _ in rows}]
    if outside or missing:
        odd = f"trae el {outside[0]:%d-%m-%Y}, que no se pidió" if outside else f"no trae {missing[0]}"
        raise SourceError(f"Banco Central: la respuesta {odd}; no se guarda.")


def _end_of_month_before(today: date) -> date:
    year, month = (today.year, today.month - 1) if today.month > 1 else (today.year - 1, 12)
    return date(year, month, calendar.monthrange(year, month)[1])
