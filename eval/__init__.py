"""Does it work: labelled notes in, figures with intervals out. Imports ``classifier``; ``training`` imports it."""
