"""Review policies: which steps a bureau's procedure has, as documents that are kept in versions."""
