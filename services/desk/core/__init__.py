"""What the desk decides: how a file is sent, how a figure is written, what is said. Nothing here touches the world."""
