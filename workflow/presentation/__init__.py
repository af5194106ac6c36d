"""From rows to what a page shows: no queries, no decisions, only figures and words in order."""
