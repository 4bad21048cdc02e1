"""Gateway shows: what the province knows, how far it knows it, and since when. It only ever reads."""
