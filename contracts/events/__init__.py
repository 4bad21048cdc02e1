"""The event types, one file for each noun and version; importing this package registers them all."""

from contracts.events.c_hasil_v1 import CHasilV1
from contracts.events.d_hasil_v1 import DHasilV1
from contracts.events.jadwal_v1 import JadwalV1
from contracts.events.keputusan_v1 import KeputusanV1
from contracts.events.pemilih_v1 import PemilihV1
from contracts.events.rekap_pdpb_v1 import RekapPdpbV1
from contracts.events.retracted_v1 import RetractedV1
from contracts.events.tps_v1 import TpsV1

__all__ = [
    "CHasilV1",
    "DHasilV1",
    "JadwalV1",
    "KeputusanV1",
    "PemilihV1",
    "RekapPdpbV1",
    "RetractedV1",
    "TpsV1",
]
