"""The ledger as files: a workbook that adds up what its own filter leaves, and a PDF."""
