"""The identity of a firm: kept as a keyed hash, never written anywhere else."""

import contextlib
import hmac
import os
import re
import secrets
import tempfile
from pathlib import Path

from editions.errors import SourceError

DEMO_KEY = b"demo"  # public on purpose: demo firms are invented
KEY_LENGTH, MARK_LENGTH = 24, 8
VARIABLE, SHORTEST_SECRET = "PULSO_REGISTER_SECRET", 32
IS_KEY = re.compile(f"[0-9a-f]{{{KEY_LENGTH}}}")
RUT = re.compile(r"([0-9]{6,8})-([0-9K])")
RUT_IN_TEXT = re.compile(r"[0-9]{1,2}\.?[0-9]{3}\.?[0-9]{3}-?[0-9kK]?")
LEAST_DIGITS = 7  # a value with so many may be an identifier in the wrong column
CODE = re.compile("[0-9.,/-]{0,12}|[A-Za-z_]{1,15}")  # what other columns hold
FACTORS = (2, 3, 4, 5, 6, 7)


def secret(root: Path, *, is_demo: bool) -> bytes:
    """Return the key of the hashes: `PULSO_REGISTER_SECRET`, else kept beside the data, readable by its owner only.

    It is made at first need. Raises SourceError where it is too short to hide anything.
    """
    if is_demo:
        return DEMO_KEY
    if given := os.environ.get(VARIABLE):
        if len(given) < SHORTEST_SECRET:
            raise SourceError(f"{VARIABLE} es muy corta para esconder los RUT: use {SHORTEST_SECRET} caracteres o más.")
        return given.encode()
    path = root / "register.secret"
    if not path.exists():
        _make_secret(path)
    text = path.read_text(encoding="ascii").strip()
    if len(text) < SHORTEST_SECRET:  # hashes made with a cut or empty secret would hide no RUT
        raise SourceError(
            f"{path.name} está vacío o cortado: recupérelo de su respaldo; sin él, bórrelo y cargue de nuevo los "
            "registros."
        )
    return text.encode()


def _make_secret(path: Path) -> None:
    """Write a new secret, whole on the disk before it has its name; of two runs at once the first one's stays."""
    number, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)  # readable by its owner only
    draft = Path(name)
    try:
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(SHORTEST_SECRET))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name too: keys made with a secret that a power failure takes would fit nothing later
    finally:
        os.close(folder)


def exporter_key(exporter: str, key: bytes) -> str:
    """Return the firm's keyed hash; dots, spaces, case and leading zeros of a RUT make no difference."""
    return hmac.new(key, canonical(exporter).encode(), "sha256").hexdigest()[:KEY_LENGTH]


def mark_of(key: bytes) -> str:
    """Return a mark that tells one secret from another and gives nothing of it away."""
    return hmac.new(key, b"which secret", "sha256").hexdigest()[:MARK_LENGTH]


def canonical(exporter: str) -> str:
    """Return the identifier as it is compared: «076.123.456-k» is «76123456-K»."""
    text = re.sub(r"[.\s]", "", exporter).upper()
    return text.lstrip("0") if RUT.fullmatch(text.lstrip("0")) else text


def is_rut(exporter: str) -> bool:
    """Tell whether the identifier is written as a RUT, right or wrong."""
    return RUT.fullmatch(canonical(exporter)) is not None


def check_digit_fits(exporter: str) -> bool:
    """Tell whether the last digit of a RUT is the one its number asks for."""
    body, digit = canonical(exporter).split("-")
    total = sum(int(one) * FACTORS[place % 6] for place, one in enumerate(reversed(body)))
    return "0123456789K"[-total % 11] == digit


def masked(value: str) -> str:
    """Return a value that can be shown: digits as # when there are enough of them to be an identifier."""
    shown = value[:40]
    return re.sub(r"[0-9]", "#", shown) if len(re.findall(r"[0-9]", value)) >= LEAST_DIGITS else shown


def shown(value: str, exporter: str) -> str:
    """Return a value of a column that identifies nobody, such as a code or an amount, beside its row's identifier.

    It is shown as it is, since a hidden one cannot be corrected; masked when it is a RUT, or when the row's own
    identifier is not one, so that the columns may be shifted.
    """
    plain = re.sub(r"[^0-9K]", "", value.upper())
    with_digit = re.fullmatch("([0-9]{6,8})([0-9K])", plain)
    is_own_rut = with_digit is not None and check_digit_fits("-".join(with_digit.groups()))
    is_shifted = not is_rut(exporter) and CODE.fullmatch(exporter) is not None
    is_exporter = plain in re.sub("[^0-9K]", "", canonical(exporter)) and len(plain) >= LEAST_DIGITS
    return masked(value) if is_own_rut or is_shifted or is_exporter else value[:40]


def without_ruts(text: str) -> str:
    """Return text, such as a file name, with what looks like a RUT taken out."""
    return RUT_IN_TEXT.sub("RUT", text)
