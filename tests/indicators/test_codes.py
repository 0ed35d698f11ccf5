"""Names and ISO codes stand for the codes of a question; what could be several things is asked, never guessed."""

from pathlib import Path

import pytest

from editions.edition import Edition
from editions.errors import NO_DATA, QuestionError
from indicators.__main__ import main
from indicators.question.codes import TABLES, codes, resolve
from indicators.question.question import Question
from tests.editions import tiny_edition
from words.language import ENGLISH, speaking


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    folder = tmp_path_factory.mktemp("data")
    (folder / "editions").mkdir()
    edition = tiny_edition(folder / "editions", exports=[{"month": "2025-01", "fob_usd": 1, "country_code": "336"}])
    (folder / "editions" / "CURRENT").write_text(edition.id)
    return edition


@pytest.fixture
def data(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PULSO_DATA", str(edition.path.parent.parent))
    monkeypatch.delenv("PULSO_EDITION", raising=False)
    return edition.path.parent.parent


NAMES = (
    ("region", "8", "08"),
    ("region", "Biobío", "08"),
    ("region", "bio-bio", "08"),
    ("region", "Región del Biobío", "08"),
    ("region", "VIII", "08"),
    ("region", "Araucania", "09"),
    ("region", "O'Higgins", "06"),
    ("region", "ohiggins", "06"),
    ("region", "Los+Ríos", "14"),
    ("region", "RM", "13"),
    ("region", "CL-NB", "16"),
    ("region", "chile", "CL"),
    ("region", "Biobío, Ñuble", "08,16"),
    ("country", "CHN", "336"),
    ("country", "cn", "336"),
    ("country", "China", "336"),
    ("country", "EEUU", "225"),
    ("country", "united states", "225"),
    ("country", "Holanda", "515"),
    ("country", "336,Brasil", "336,220"),
    ("country", "Unión Europea", "ue"),
    ("country", "can", "can"),
    ("sector", "Vino", "prochile:vino"),
    ("sector", "ProChile:Vino,Minería", "prochile:vino,mineria"),
    ("sector", "Celulosa, papel y otros", "bcch:celulosa_papel"),
    ("sector", "bcch:Celulosa, papel y otros", "bcch:celulosa_papel"),
    ("comuna", "Concepción", "08101"),
    ("office", "talcahuano", "55"),
    ("service_type", "Tecnología", "tecnologia"),
)


@pytest.mark.parametrize(("part", "name", "code"), NAMES)
def test_a_name_gives_its_code(edition: Edition, part: str, name: str, code: str) -> None:
    assert resolve(edition, part, name) == code


AMBIGUOUS = (
    ("country", "Corea", ("Corea del Sur (333)", "Corea del Norte (334)")),
    ("country", "CAN", ("Comunidad Andina (can)", "Canadá (226)")),
    ("sector", "Minería", ("Minería (prochile:mineria)", "Minería (ine:mineria)")),
    ("region", "Región", ("Arica y Parinacota (15)", "o 9 más")),
    ("country", "Islas", ("Islas Marshall (164)", "4 más")),
)


@pytest.mark.parametrize(("part", "name", "options"), AMBIGUOUS)
def test_a_name_of_several_things_lists_them(edition: Edition, part: str, name: str, options: tuple[str, ...]) -> None:
    with pytest.raises(QuestionError) as error:
        resolve(edition, part, name)
    assert error.value.part == part
    assert all(option in str(error.value) for option in options)


def test_what_is_no_name_gets_the_nearest(edition: Edition) -> None:
    with pytest.raises(QuestionError, match=r"«Brazilia» no es código .*¿Quiso decir Brasil \(220\)\?"):
        resolve(edition, "country", "Brazilia")
    with speaking(ENGLISH), pytest.raises(QuestionError, match=r"Did you mean Brazil \(220\)\?"):
        resolve(edition, "country", "Brazilia")


@pytest.mark.parametrize("part", [part for part in TABLES if part not in ("port", "transport")])
def test_every_code_stands_for_itself(edition: Edition, part: str) -> None:
    listed = [code.code for code in codes(edition, part)]
    assert listed
    assert [resolve(edition, part, code) for code in listed] == listed


def test_sectors_of_two_schemes_do_not_combine(edition: Edition) -> None:
    with pytest.raises(QuestionError, match="clasificaciones distintas"):
        resolve(edition, "sector", "Vino,Cobre")


def test_a_question_in_names_is_the_question_in_codes(edition: Edition) -> None:
    named = Question.parse("fob?region=Biob%C3%ADo&country=CHN,Brasil&sector=Vino", edition)
    assert str(named) == "fob?region=08&sector=prochile:vino&country=220,336"


def test_the_command_line_takes_names(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["answer", "fob?region=biobio&country=China"]) == 0
    assert "fob?region=08" in (text := capsys.readouterr().out)
    assert "country=336" in text
    assert main(["answer", "fob?country=Corea"]) == 1
    assert "Corea del Sur (333)" in capsys.readouterr().err


def test_codes_lists_what_a_name_can_be(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["codes", "country", "china"]) == 0
    assert capsys.readouterr().out.startswith("336  China  (")
    assert main(["codes", "region"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 19
    assert main(["codes", "sector", "--lang", "en"]) == 0
    assert "prochile:vino" in (listed := capsys.readouterr().out)
    assert "Wine" in listed
    assert main(["codes", "country", "xyz"]) == NO_DATA
