"""Sizes as the sentences of a synchronisation write them."""


def megabytes(n_bytes: int) -> str:
    """Return bytes as «5,9 MB»."""
    return f"{n_bytes / 1e6:.1f} MB".replace(".", ",")
