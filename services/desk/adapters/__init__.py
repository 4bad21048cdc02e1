"""Where the desk touches the world: HTTP, files, the terminal."""
