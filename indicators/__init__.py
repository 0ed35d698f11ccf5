"""Says what the numbers mean: metrics, periods, denominators, growth, share, sentences, Spanish formats."""
