"""Published results on chain: opened by the clearer, executed by the settler, closed for their rent."""
