"""The pointer, the history behind rollback, pruning and the lock."""

import json
from pathlib import Path

import pytest

from editions import store
from editions.errors import PublishError
from editions.folders import Workspace


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    workspace = Workspace(tmp_path)
    with store.build_lock(workspace):
        pass
    return workspace


def put(place: Workspace, edition_id: str, *, action: str = "load") -> None:
    built = place.build / f"{edition_id}.duckdb"
    built.write_bytes(edition_id.encode())
    store.publish(place, edition_id, action=action, build_path=built)


def test_a_published_edition_is_current_and_leaves_no_scratch_file(place: Workspace) -> None:
    put(place, "official-2025-01-aaaaaaaa")
    assert store.current_id(place) == "official-2025-01-aaaaaaaa"
    assert list(place.build.iterdir()) == []


def test_rollback_returns_to_the_edition_before(place: Workspace) -> None:
    put(place, "a")
    put(place, "b")
    store.publish(place, store.previous_id(place), action="rollback")
    assert store.current_id(place) == "a"
    assert [entry["action"] for entry in store.history(place)] == ["load", "load", "rollback"]


def roll_back(place: Workspace) -> str | None:
    store.publish(place, store.previous_id(place), action="rollback")
    return store.current_id(place)


def test_each_rollback_goes_one_further_back(place: Workspace) -> None:
    for name in "abcd":
        put(place, name)
    assert [roll_back(place) for _ in range(3)] == ["c", "b", "a"]
    with pytest.raises(PublishError, match="No hay una edición anterior"):
        roll_back(place)
    put(place, "e")  # what was rolled back from is not returned to
    assert roll_back(place) == "a"


def test_rollback_returns_to_what_was_on_screen_though_an_edition_was_shown_twice(place: Workspace) -> None:
    put(place, "a")
    put(place, "b")
    store.publish(place, "a", action="load")
    assert [roll_back(place), roll_back(place)] == ["b", "a"]


def test_rollback_passes_over_editions_that_are_gone(place: Workspace) -> None:
    for name in "abc":
        put(place, name)
    store.edition_path(place, "b").unlink()
    assert roll_back(place) == "a"


def test_rollback_by_name_is_where_the_next_one_begins(place: Workspace) -> None:
    for name in "abcd":
        put(place, name)
    store.publish(place, "b", action="rollback")
    assert roll_back(place) == "a"
    store.publish(place, "d", action="rollback")  # forward again, by name
    assert roll_back(place) == "a"


def test_rollback_without_an_earlier_edition_says_so(place: Workspace) -> None:
    put(place, "a")
    with pytest.raises(PublishError, match="No hay una edición anterior"):
        store.previous_id(place)


def test_old_editions_are_pruned_but_never_the_current_one(place: Workspace) -> None:
    for name in "abcdefg":
        put(place, name)
    store.publish(place, "a", action="rollback")
    gone = store.prune(place, keep=3)
    assert store.current_id(place) == "a"
    assert sorted(gone) == ["b", "c", "d", "e"]
    assert store.edition_ids(place) == ["a", "g", "f"]


def test_what_the_public_sees_and_reports_of_editions_that_stay_are_not_pruned(place: Workspace) -> None:
    put(place, "a")
    store.publish_publicly(place, "a")
    for name in ("private-b", "private-c", "private-d"):
        put(place, name)
        for report in store.report_paths(place, name):
            report.write_text("what it changed", encoding="utf-8")
    assert store.prune(place, keep=1) == ["private-c", "private-b"]
    assert (store.public_id(place), store.edition_ids(place)) == ("a", ["private-d", "a"])
    assert sorted(place.editions.glob("*.changes.*")) == sorted(store.report_paths(place, "private-d"))


def test_publishing_an_edition_that_does_not_exist_leaves_the_pointer(place: Workspace) -> None:
    put(place, "a")
    with pytest.raises(PublishError, match="No existe la edición b"):
        store.publish(place, "b", action="rollback")
    assert store.current_id(place) == "a"


@pytest.mark.parametrize("hostile", ["../CURRENT", "a/b", "", "a;b", "A"])
def test_an_id_that_is_no_id_is_refused(place: Workspace, hostile: str) -> None:
    with pytest.raises(PublishError, match="no es un identificador"):
        store.edition_path(place, hostile)


def test_two_builds_never_run_at_once(place: Workspace) -> None:
    other = store.build_lock(place)
    with store.build_lock(place), pytest.raises(PublishError, match="Otra carga está en curso"):
        other.__enter__()


def test_what_a_killed_build_left_is_cleared_by_the_next(place: Workspace) -> None:
    (place.build / "half.duckdb").write_bytes(b"half")
    with store.build_lock(place):
        assert not (place.build / "half.duckdb").exists()


def test_the_history_survives_as_one_line_an_event(place: Workspace) -> None:
    put(place, "a")
    lines = (place.editions / "history.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["edition_id"] for line in lines] == ["a"]


def pointers(place: Workspace) -> tuple[str | None, str | None]:
    return store.current_id(place), store.public_id(place)


def test_the_public_follows_what_has_nothing_to_hide_and_the_office_goes_its_own_way(place: Workspace) -> None:
    put(place, "demo-a")
    assert pointers(place) == ("demo-a", "demo-a")
    put(place, "official-a")
    assert pointers(place) == ("official-a", "official-a")
    put(place, "private-a")
    assert pointers(place) == ("private-a", "official-a")
    put(place, "demo-b")
    assert pointers(place) == ("demo-b", "official-a")
    put(place, "official-b")
    assert pointers(place) == ("official-b", "official-b")


def test_a_rollback_takes_the_public_along_only_where_it_saw_the_same(place: Workspace) -> None:
    for name in ("official-a", "official-b", "private-a"):
        put(place, name)
    store.publish(place, "official-a", action="rollback")
    assert pointers(place) == ("official-a", "official-b")
    store.publish(place, "official-b", action="load")
    store.publish(place, "official-a", action="rollback")
    assert pointers(place) == ("official-a", "official-a")


def test_what_the_public_sees_is_no_edition_to_roll_back_to(place: Workspace) -> None:
    put(place, "private-a")
    built = place.build / "x"
    built.write_bytes(b"x")
    store.put(place, "public-a", built)
    store.publish_publicly(place, "public-a")
    with pytest.raises(PublishError, match="la edición que ve el público"):
        store.publish(place, "public-a", action="rollback")
    assert pointers(place) == ("private-a", "public-a")


def test_a_publication_killed_between_the_two_pointers_is_finished_by_the_next(
    place: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(place, "official-a")
    write = store.write_whole

    def killed(path: Path, text: str) -> None:
        if path.name == "CURRENT":
            raise KeyboardInterrupt
        write(path, text)

    monkeypatch.setattr(store, "write_whole", killed)
    with pytest.raises(KeyboardInterrupt):
        put(place, "official-b")
    monkeypatch.undo()
    assert pointers(place) == ("official-a", "official-b")
    store.publish(place, "official-b", action="load")
    assert pointers(place) == ("official-b", "official-b")
