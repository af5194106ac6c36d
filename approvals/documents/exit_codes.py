"""How the printing process tells why it stopped."""

NO_CHINESE_FONT = 3
OUT_OF_MEMORY = 4
