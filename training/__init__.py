"""How the model is made: the corpus, its checks, and the fit. Imports ``classifier`` and ``eval``; nothing imports it."""
