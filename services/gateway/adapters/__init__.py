"""What touches the world: PostgreSQL, and HTTP."""
