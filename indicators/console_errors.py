"""What goes wrong with a reader's SQL, in the reader's language: DuckDB says it in English."""

import re

from indicators.errors import IndicatorError
from indicators.language import t

READ_ONLY = "Aquí sólo se lee la edición: no se escribe, no se abren otros archivos ni se cambian los ajustes."
TOO_DEEP = "La consulta está demasiado anidada; escríbala con menos niveles."
NO_COLUMN = "La columna «{name}» no existe en esas tablas."
NOT_READ = "«{name}» no se puede leer como {kind}."
NO_SUCH_TYPES = "La función no admite esos tipos: «{name}»; conviértalos con CAST."
SENTENCES = {  # what DuckDB says → what the reader is told; of several that fit, the first
    r"read-only mode|configuration has been locked|Permission Error|modify immutable": READ_ONLY,
    r"Max expression depth|too deeply nested": TOO_DEEP,
    r"Table with name (?P<name>.+?) does not exist": "La tabla «{name}» no existe.",
    r"(?:Function|Macro) with name (?P<name>.+?) does not exist": "La función «{name}» no existe.",
    r'Referenced column "(?P<name>.+?)" (?:was )?not found': NO_COLUMN,
    r'does not have a column named "(?P<name>.+?)"': NO_COLUMN,
    r'Referenced table "(?P<name>.+?)" not found': "La tabla «{name}» no está en el FROM.",
    r'Ambiguous reference to column name "(?P<name>.+?)"': (
        "La columna «{name}» está en más de una tabla; diga de cuál: tabla.{name}."
    ),
    r'column "(?P<name>.+?)" must appear in the GROUP BY': (
        "La columna «{name}» debe ir en el GROUP BY o dentro de una función como sum o max."
    ),
    r"nothing that gives rows": "La consulta está vacía o no da filas.",
    r"without selection list": "La consulta está incompleta.",
    r'syntax error at or near "(?P<name>.+?)"': "La consulta no se entiende cerca de «{name}».",
    r"""Could not convert string ['"](?P<name>.*?)['"] to (?P<kind>\w+)""": NOT_READ,
    r'invalid (?P<kind>\w+) field format: "(?P<name>.*?)"': NOT_READ,
    r'(?P<kind>\w+) field value out of range: "(?P<name>.*?)"': NOT_READ,
    r"No function matches the given name and argument types '(?P<name>.+?)'": NO_SUCH_TYPES,
    r'best candidate function for the function call "(?P<name>.+?)"\.': NO_SUCH_TYPES,
    r"Overflow in": "Un número no cabe en su tipo; conviértalo con CAST a uno mayor, como HUGEINT o DOUBLE.",
    r"aggregate function calls cannot be nested|cannot contain aggregates": (
        "Una función como sum o count no puede ir ahí; use HAVING o una subconsulta."
    ),
    r"unterminated": "Falta cerrar una comilla.",
    r"More than one row returned by a subquery": "Una subconsulta que hace de valor dio más de una fila.",
    r"same number of result columns": "Las partes de UNION, INTERSECT o EXCEPT deben tener las mismas columnas.",
    r"Values were not provided": "La consulta tiene un parámetro sin valor ($1 o ?); escriba el valor.",
}
NEAR = re.compile(r"(?:Did you mean|Candidate bindings:)[:\s]*(?P<names>\".+)")
EXCERPT = re.compile(r"^LINE \d+: (?P<line>.*)\n {8}(?P<pointer> *\^+)", re.MULTILINE)


class ConsoleError(IndicatorError):
    """The query may not run here, or failed: one sentence, and the part of the query that it is about (or none)."""

    def __init__(self, message: str, excerpt: str = "") -> None:
        super().__init__(message)
        self.excerpt = excerpt


def translate(text: str) -> ConsoleError:
    """Return an error of DuckDB as the reader's: one that has no sentence of ours is quoted as it is."""
    excerpt = EXCERPT.search(text)
    return ConsoleError(_sentence(text), "\n".join(excerpt.groups()) if excerpt else "")


def _sentence(text: str) -> str:
    for pattern, sentence in SENTENCES.items():
        if match := re.search(pattern, text):
            near = NEAR.search(text)
            hint = t("Quizás: {names}.", names=near["names"].rstrip("?")) if near and match.groups() else ""
            return f"{t(sentence, **match.groupdict())} {hint}".strip()
    words = text.partition("\n")[0].partition(": ")
    return t("La consulta no se pudo ejecutar; DuckDB dice: «{words}».", words=(words[2] or words[0]).rstrip("."))
