"""The palette: read by everyone on both backgrounds, told apart by those who see red and green alike."""

from itertools import combinations

import pytest

from ui.charts.pictures import THEME
from ui.charts.shapes import PALE, STRONGEST
from ui.serving.head import STYLES

SCHEMES = ("light", "dark")
NAMES = ("up", "down", "before", "demo", "fifth", "sixth")
SEEN_BY = {  # Machado, Oliveira & Fernandes (2009), severity 1.0, on linear light
    "everyone": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
READABLE = 4.5  # WCAG 2.1 AA, text
OPPOSITE, OTHER = 40, 15  # CIELAB distances: what adds and takes away; runs that also differ in dash
Light = tuple[float, float, float]


def colours(scheme: str) -> dict[str, str]:
    return dict(zip(NAMES, THEME[scheme]["chartCategoricalColors"], strict=True))


def light(colour: str) -> Light:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return linear(red), linear(green), linear(blue)


def linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    red, green, blue = light(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def laid_over(top: str, below: str, opacity: float) -> str:
    mixed = (
        round(int(top[at : at + 2], 16) * opacity + int(below[at : at + 2], 16) * (1 - opacity)) for at in (1, 3, 5)
    )
    return "#" + "".join(f"{value:02x}" for value in mixed)


def lab(seen: Light) -> Light:
    red, green, blue = (min(1.0, max(0.0, value)) for value in seen)
    xyz = (
        (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047,
        0.2126729 * red + 0.7151522 * green + 0.0721750 * blue,
        (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883,
    )
    x, y, z = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one: str, other: str, seen_by: str) -> float:
    first, second = (
        lab(tuple(sum(share * part for share, part in zip(row, light(c), strict=True)) for row in SEEN_BY[seen_by]))  # type: ignore[arg-type]
        for c in (one, other)
    )
    return float(sum((a - b) ** 2 for a, b in zip(first, second, strict=True)) ** 0.5)


def test_the_measures_are_those_of_the_standards() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert lab(light("#ff0000")) == pytest.approx((53.24, 80.09, 67.2), abs=0.05)
    assert distance("#ff0000", "#00a000", "deuteranopia") < distance("#ff0000", "#00a000", "everyone") / 2


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_colour_of_charts_stands_out_from_both_backgrounds_like_text(scheme: str) -> None:
    theme = THEME[scheme]
    for behind in (theme["backgroundColor"], theme["secondaryBackgroundColor"]):
        assert [name for name, one in colours(scheme).items() if contrast(one, behind) < READABLE] == []
        texts = ("textColor", "linkColor", "grayTextColor", "blueTextColor", "orangeTextColor", "primaryColor")
        assert [name for name in texts if contrast(theme[name], behind) < READABLE] == []


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("colour", ["blue", "green", "orange", "red", "gray"])
def test_words_of_a_badge_stand_out_from_it(scheme: str, colour: str) -> None:
    theme = THEME[scheme]
    assert contrast(theme[f"{colour}TextColor"], theme[f"{colour}BackgroundColor"]) >= READABLE


@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_adds_is_blue_and_what_takes_away_orange(scheme: str) -> None:
    (up_red, _, up_blue), (down_red, _, down_blue) = (light(colours(scheme)[name]) for name in ("up", "down"))
    assert up_blue > 2 * up_red
    assert down_red > 2 * down_blue


@pytest.mark.parametrize("seen_by", SEEN_BY)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_what_adds_and_what_takes_away_are_far_apart_for_everyone(scheme: str, seen_by: str) -> None:
    found = colours(scheme)
    assert distance(found["up"], found["down"], seen_by) >= OPPOSITE


@pytest.mark.parametrize("seen_by", SEEN_BY)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_runs_of_one_chart_are_told_apart_by_everyone(scheme: str, seen_by: str) -> None:
    runs = {name: one for name, one in colours(scheme).items() if name != "demo"}  # it colours words only
    close = {
        pair: round(distance(runs[pair[0]], runs[pair[1]], seen_by), 1)
        for pair in combinations(runs, 2)
        if distance(runs[pair[0]], runs[pair[1]], seen_by) < OTHER
    }
    assert close == {}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_on_the_darkest_cell_and_on_an_area_can_be_read(scheme: str) -> None:
    theme, found = THEME[scheme], colours(scheme)
    behind = [laid_over(found[name], theme["backgroundColor"], STRONGEST) for name in ("up", "down")]
    behind.append(laid_over(found["up"], theme["backgroundColor"], int(PALE, 16) / 255))
    assert [one for one in behind if contrast(theme["textColor"], one) < READABLE] == []


def test_white_words_on_a_chosen_filter_can_be_read() -> None:
    tag = next(line for line in STYLES["screen"].read_text(encoding="utf-8").splitlines() if "data-tag" in line)
    assert contrast(tag.partition("background-color: ")[2][:7], "#ffffff") >= READABLE
