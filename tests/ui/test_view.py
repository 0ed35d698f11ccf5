"""The filter bar: the address is the question, what it cannot mean is told, and `restablecer` undoes all."""

from pathlib import Path

from streamlit.testing.v1 import AppTest

from tests.patience import PATIENCE


def script() -> None:
    import streamlit as st

    from ui.blocks import blocks
    from ui.widgets import filters, view

    filters.arrive("prueba")
    with filters.refusals_told():
        shown = view.bar()
        st.title(shown.place)
        with blocks.card():
            st.markdown(str(shown.ask("fob", split=shown.sectors).question))
        with blocks.card():
            shown.ask("cagr")


def opened(**address: str) -> AppTest:
    app = AppTest.from_function(script, default_timeout=PATIENCE)
    app.query_params.update(address)
    return app.run()


def test_without_an_address_the_page_shows_the_default_region(data: Path) -> None:
    app = opened()
    assert not app.exception
    assert app.title[0].value == "Biobío"


def test_the_parts_of_the_address_are_the_parts_of_the_question(data: Path) -> None:
    app = opened(region="08,16", exclude="copper", sector="bcch:silvicola", window="2025-01..2025-10")
    assert app.title[0].value == "Biobío y Ñuble"
    asked = app.markdown[0].value
    for part in ("region=08,16", "exclude=copper", "sector=bcch:silvicola", "split=sector:bcch"):
        assert part in asked


def test_a_choice_is_written_in_the_address_in_full(data: Path) -> None:
    app = opened()
    app.multiselect(key="choices_region").set_value([]).run()
    app.selectbox(key="choice_flow").set_value("services").run()
    assert app.query_params == {"region": "CL", "flow": "services"}
    assert app.title[0].value == "Chile"


def test_another_scheme_of_sectors_forgets_the_sector(data: Path) -> None:
    app = opened(sector="prochile:forestal")
    app.selectbox(key="choice_scheme").set_value("ine").run()
    assert app.query_params == {"scheme": "ine"}


def test_reset_goes_back_to_what_an_empty_address_means(data: Path) -> None:
    app = opened(region="16", sector="prochile:forestal", window="2024", exclude="copper", hs="44")
    app.button[0].click().run()
    assert app.query_params == {}
    assert app.title[0].value == "Biobío"


def test_what_does_not_exist_is_told_in_a_sentence(data: Path) -> None:
    for address, part in (
        ({"region": "99"}, "Región"),
        ({"region": "Narnia"}, "nombre de región"),
        ({"sector": "prochile:nada"}, "nombre de sector"),
        ({"scheme": "nada"}, "clasificación"),
        ({"window": "2025-13"}, "ventana"),
        ({"hs": "441"}, "hs"),
    ):
        app = opened(**address)
        assert not app.exception
        assert part in app.error[0].value
        assert not app.title


def test_a_name_or_another_way_to_write_a_code_is_understood_and_put_in_the_address_as_its_code(data: Path) -> None:
    for text, code in (("8", "08"), ("Biobío", "08"), ("ñuble,8", "16,08"), ("XVI", "16")):
        app = opened(region=text)
        assert not app.error
        assert app.query_params["region"] == code
    app = opened(sector="prochile:Industria forestal", country="CHN")
    assert not app.error
    assert (app.query_params["sector"], app.query_params["country"]) == ("prochile:forestal", "336")


def test_a_question_that_cannot_be_asked_is_told_in_its_card_and_only_there(data: Path) -> None:
    app = opened()
    assert app.markdown
    assert any("crecimiento anual compuesto" in caption.value for caption in app.caption)
