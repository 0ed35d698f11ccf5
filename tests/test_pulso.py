"""The command `pulso`, as pip installs it and in a checkout, and the scripts beside it."""

import os
import subprocess
import sys
import tomllib
import zipfile
from datetime import date
from pathlib import Path

import pytest

import pulso
from etl import __main__ as etl
from indicators import __main__ as indicators
from tests.editions import REPOSITORY, tiny_edition
from tests.etl.customs_text import write_month

PACKED = ("pages", "ui", "indicators", "etl", "editions", "words", "data/reference", ".streamlit")
ENTRY = "import sys; from pulso_exportador.pulso import main; sys.exit(main())"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of packages into which the wheel is unpacked, as pip does."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "packages")
    return folder / "packages"


def run(packages: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command in some folder of a user who has set nothing."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PULSO_")}
    own = {"PYTHONPATH": str(packages), "XDG_DATA_HOME": str(folder / "own"), "HOME": str(folder)}
    command = [sys.executable, "-W", "error", "-c", ENTRY, *arguments]
    return subprocess.run(command, cwd=folder, env=clean | own, capture_output=True, encoding="utf-8")


def test_the_package_holds_every_file_of_the_rooms(packages: Path) -> None:
    listed = subprocess.run(
        [
            "git",
            "ls-files",
            "--cached",
            "--others",
            "--exclude-standard",
            *PACKED,
            "app.py",
            "pulso.py",
            "pyproject.toml",
        ],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout.splitlines()
    here = packages / "pulso_exportador"
    packed = {path.relative_to(here).as_posix() for path in here.rglob("*") if path.is_file()}
    assert packed == {name for name in listed if (REPOSITORY / name).is_file()} | {"data/snapshots.toml"}
    assert {path.name for path in packages.iterdir() if not path.name.endswith(".dist-info")} == {"pulso_exportador"}


def test_installed_it_loads_and_answers_from_any_folder(packages: Path, tmp_path: Path) -> None:
    version = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert run(packages, tmp_path, "--version").stdout == f"pulso {version}\n"
    nothing = run(packages, tmp_path, "answer", "fob")
    assert (nothing.returncode, nothing.stdout, nothing.stderr.count("\n")) == (1, "", 1)
    write_month(tmp_path, date(2024, 1, 1), name="enero.txt")
    loaded = run(packages, tmp_path, "load", "enero.txt")
    assert loaded.returncode == 0, loaded.stderr
    assert next((tmp_path / "own" / "pulso-exportador" / "editions").glob("official-2024-01-*.duckdb"))
    answered = run(packages, tmp_path, "answer", "fob?region=CL&compare=none", "--out", "z.csv")
    assert (answered.returncode, answered.stderr) == (0, "")
    assert "Chile" in (tmp_path / "z.csv").read_text(encoding="utf-8")
    assert run(packages, tmp_path, "release", "--out", "todo.zip").returncode == 0
    assert not list((packages / "pulso_exportador" / "data").glob("editions"))


def test_help_says_where_the_data_is_and_what_exit_codes_mean(packages: Path, tmp_path: Path) -> None:
    told = run(packages, tmp_path, "--help").stdout
    assert f"Los datos están en {tmp_path / 'own' / 'pulso-exportador'}; con PULSO_DATA" in told
    assert "5 sin datos" in told


def test_in_a_checkout_data_stays_in_its_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PULSO_DATA", raising=False)
    assert pulso.data_folder() == REPOSITORY / "data"
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    assert pulso.data_folder() == tmp_path


def test_it_has_every_command_of_the_rooms_and_runs_them_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "editions").mkdir()
    edition = tiny_edition(tmp_path / "editions", exports=[{"month": "2025-01", "fob_usd": 1_000_000}])
    (tmp_path / "editions" / "CURRENT").write_text(edition.id)
    monkeypatch.setenv("PULSO_DATA", str(tmp_path))
    monkeypatch.setattr(sys, "path", [*sys.path])
    told = pulso.parser().format_help()
    for room in (etl, indicators):
        for command in room._parser()._subparsers._group_actions[0].choices:  # type: ignore[union-attr, attr-defined]
            assert f"    {command}" in told
    assert pulso.main(["answer", "fob?region=Biobío"]) == 0
    assert "US$\u00a01,0 millones" in capsys.readouterr().out
    assert pulso.main(["editions"]) == 0
    assert edition.id in capsys.readouterr().out


def test_tab_completes_commands_options_and_values(capsys: pytest.CaptureFixture[str]) -> None:
    assert pulso.main(["completion", "bash"]) == 0
    script = capsys.readouterr().out
    for words, completed in (("an", "answer"), ("answer fob --fo", "--format"), ("codes cou", "country")):
        tried = f'COMP_WORDS=(pulso {words}); COMP_CWORD={len(words.split())}; _shtab_pulso; echo "${{COMPREPLY[@]}}"'
        found = subprocess.run(["bash", "-c", f"{script}\n{tried}"], capture_output=True, encoding="utf-8")
        assert found.stdout.split() == [completed], found.stderr


@pytest.mark.parametrize("script", ["check", "run", "lock"])
def test_a_script_tells_its_options_and_refuses_others(script: str) -> None:
    """Before it sets anything up, so at once and whatever is installed."""

    def ask(option: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [f"./{script}", option], cwd=REPOSITORY, capture_output=True, encoding="utf-8", timeout=60
        )

    helped = ask("--help")
    assert helped.returncode == 0
    assert "--" in helped.stdout
    refused = ask("--no-such-option")
    assert refused.returncode == 2
    assert "--no-such-option" in refused.stderr
