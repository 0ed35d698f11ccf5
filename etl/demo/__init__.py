"""The embedded demonstration: synthetic customs files set to real totals, with planted truths."""
