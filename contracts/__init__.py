"""What offices, services and the public agree on: shapes, names, codes; pure, with no input or output."""
