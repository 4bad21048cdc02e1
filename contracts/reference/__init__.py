"""Reference data: wilayah, candidates and code sets, each with the period in which it is valid.

Every period is ``berlaku_mulai`` and ``berlaku_sampai``, both days inclusive, the second empty while
in force: of wilayah by edition (``wilayah.EDISI``), of candidates by row (``calon.csv``), of code
sets by edition (``kode_set.KODE_SETS``), of TPS by record (``TpsV1``, within its pemilihan).
"""
