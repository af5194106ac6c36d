"""What one approval costs beside the same step on bare viewflow: ``make bench``.

``docs/benchmarks.md`` says what is measured and how to read the table.
"""
