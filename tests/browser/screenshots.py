"""`python -m tests.browser.screenshots [PAGE…]`: pictures of the pages on the demo edition, small enough to keep."""

import io
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import BrowserContext

from editions.folders import Workspace
from etl.load import build_demo
from etl.progress import quiet
from tests.browser.conftest import REPOSITORY, chromium, serving

IMAGES = REPOSITORY / "docs" / "images"
MAX_BYTES = 260_000  # less, and the orange of what falls turns brown
COLOURS = (64, 48, 32, 24, 16)
PAGES = {  # name → address and what shows that it is all there
    "resumen": ("", ".js-plotly-plot .main-svg"),
    "sectores": ("sectores", ".js-plotly-plot .main-svg"),
    "sectores-detalle": ("sectores?sector=prochile:forestal&hs=44&ver=precios", ".js-plotly-plot .main-svg"),
    "pymes": ("pymes", ".js-plotly-plot .main-svg"),
    "mercados": ("mercados", ".choroplethlayer path"),
    "servicios": ("servicios", ".js-plotly-plot .main-svg"),
    "regiones": ("regiones", ".js-plotly-plot .main-svg"),
    "explorar": ("explorar?cols=month&look=lines", ".js-plotly-plot .main-svg"),
    "encuentros": ("encuentros", "table"),
    "datos": ("datos?ver=fuentes", "table"),
    "verificar": ("verificar?numero=12+%25&sobre=share&region=08&periodo=2024", "h2"),
    "verificar-42": ("verificar?numero=%2B42+%25&sobre=growth_sme&region=08&periodo=2025", "h2"),
}
LANGUAGES = {"": "", "en": "-en"}  # of the address → of the file
WHOLE = "Math.max(...[...document.querySelectorAll('.stMain')].map(main => main.scrollHeight))"


def main() -> None:
    """Build the demo in a folder of its own, and photograph it wide and narrow, light and dark, in both languages."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        build_demo(Workspace(Path(folder)), progress=quiet())
        with serving(Path(folder)) as address, chromium() as browser:
            for width in (1440, 390):
                for scheme in ("light", "dark"):
                    context = browser.new_context(
                        viewport={"width": width, "height": 900},
                        color_scheme=scheme,  # type: ignore[arg-type]
                        locale="es-CL",
                    )
                    for name in sys.argv[1:] or PAGES:
                        for language, suffix in LANGUAGES.items():
                            picture = photograph(context, address, name, width, language)
                            save(picture, f"{name}-{width}-{scheme}{suffix}.png")
                    context.close()


def photograph(context: BrowserContext, address: str, name: str, width: int, language: str) -> Image.Image:
    """Return a picture of the whole page."""
    where, last = PAGES[name]
    if language:
        where += f"{'&' if '?' in where else '?'}lang={language}"
    page = context.new_page()
    page.goto(f"{address}/{where}")
    page.wait_for_selector(last)
    page.wait_for_selector('[data-test-script-state="notRunning"]')
    page.wait_for_timeout(1_500)
    page.set_viewport_size({"width": width, "height": int(page.evaluate(WHOLE)) + 8})
    page.wait_for_timeout(800)
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    page.close()
    return picture


def save(picture: Image.Image, name: str) -> None:
    """Write the picture with as many colours as the size limit allows."""
    for colours in COLOURS:
        packed = io.BytesIO()
        picture.quantize(colours, dither=Image.Dither.NONE).save(packed, "PNG", optimize=True)
        if packed.tell() <= MAX_BYTES:
            break
    (IMAGES / name).write_bytes(packed.getvalue())
    sys.stdout.write(f"{name}: {picture.width}×{picture.height}, {colours} colours, {packed.tell() // 1000} kB\n")


if __name__ == "__main__":
    main()
