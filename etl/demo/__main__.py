"""Writes the demonstration's truths anew after a change of its design: `python -m etl.demo`."""

from etl.demo import truth
from etl.demo.generate import make_truths, make_world

if __name__ == "__main__":
    truth.PATH.write_text(truth.toml_text(make_truths(make_world())), encoding="utf-8")
