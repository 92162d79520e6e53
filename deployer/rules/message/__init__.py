"""Rules about messages: their words, their macros, and what a text message may hold."""
