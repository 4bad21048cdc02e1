"""Takes files of an office: keeps them while they are needed, compares them with the ledger, tells what came of it."""
