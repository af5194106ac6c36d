"""The product as people meet it: a real browser, in Chinese."""
