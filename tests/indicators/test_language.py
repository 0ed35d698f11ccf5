"""The language of the moment: Spanish unless another one is chosen, and only in the thread that chose it."""

import threading

from words.language import language, speak, speaking, t


def test_spanish_is_what_the_code_says():
    assert t("Sin dato") == "Sin dato"
    assert t("Se leyeron {n} filas", n=3) == "Se leyeron 3 filas"


def test_english_comes_from_the_catalogue_and_what_it_lacks_stays_spanish():
    with speaking("en"):
        assert t("Sin dato") == "No data"
        assert t("frase que nadie tradujo {n}", n=1) == "frase que nadie tradujo 1"
    assert language() == "es"


def test_one_thread_does_not_change_the_language_of_another():
    heard = []

    def reader():
        speak("en")
        heard.append(language())

    thread = threading.Thread(target=reader)
    thread.start()
    thread.join()
    assert heard == ["en"]
    assert language() == "es"


def test_an_unknown_language_is_spanish():
    with speaking("en"):
        speak("xx")
        assert language() == "es"
