"""One file a command, imported when it runs; each names its ``command``."""
