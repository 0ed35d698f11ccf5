"""Makes a public edition out of a private one: tables of firm statistics in which nothing gives a firm away."""
