"""A whole edition as one ZIP for newsrooms and other engines: Parquet, CSV, dictionary, receipts, data package."""

from indicators.release.archive import release

__all__ = ["release"]
