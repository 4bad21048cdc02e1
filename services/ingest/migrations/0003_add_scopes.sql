-- Of which wilayah the office says that a file lists everybody, and of which desa it may list one TPS alone.
ALTER TABLE snapshot ADD COLUMN covers TEXT;
ALTER TABLE snapshot ADD COLUMN uncovered TEXT;
