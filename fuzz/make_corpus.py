#!/usr/bin/env python3
"""Writes the first inputs of the WAV and AIFF harnesses: one small file of each kind that the readers know.

Inputs that a fuzzer found stand beside them under their own names and are left alone.
"""
import pathlib
import struct

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"
GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")
RATE_80 = bytes.fromhex("400eac44000000000000")  # 44100 as an 80 bit float


def chunk(order, name, payload):
    return name + struct.pack(order + "I", len(payload)) + payload + b"\0" * (len(payload) % 2)


def ramp(size):
    return bytes((i * 37 + 11) % 256 for i in range(size))


def fmt(tag, channels, bits, container=None, extra=b""):
    frame = channels * (container or (bits + 7) // 8)
    return chunk("<", b"fmt ", struct.pack("<HHIIHH", tag, channels, 44100, 44100 * frame, frame, bits) + extra)


def id3():
    frame = b"TIT2" + bytes([0, 0, 0, 6, 0, 0]) + b"\x03Title"
    return b"ID3\x04\0\0" + bytes([0, 0, 0, len(frame)]) + frame


def wav_tags():
    cue = struct.pack("<I", 2) + b"".join(struct.pack("<II4sIII", i, i * 3, b"data", 0, 0, i * 3) for i in (1, 2))
    adtl = (b"adtl" + chunk("<", b"labl", struct.pack("<I", 1) + b"verse\0")
            + chunk("<", b"ltxt", struct.pack("<II4sHHHH", 2, 4, b"rgn ", 0, 0, 0, 0)))
    smpl = struct.pack("<9I", 0, 0, 22676, 60, 0, 0, 0, 1, 0) + struct.pack("<6I", 0, 0, 1, 8, 0, 0)
    acid = struct.pack("<IHHfIHHf", 4, 60, 0x8000, 0, 4, 4, 4, 93.5)
    bext = b"Description".ljust(256, b"\0") + b"\0" * 82 + b"\0" * 8 + struct.pack("<H", 2) + b"\0" * 254 + b"A=PCM\r\n"
    info = b"INFO" + chunk("<", b"INAM", b"Name\0") + chunk("<", b"IART", b"Artist\0")
    before = (chunk("<", b"bext", bext) + chunk("<", b"LIST", info) + chunk("<", b"cue ", cue)
              + chunk("<", b"LIST", adtl) + chunk("<", b"smpl", smpl) + chunk("<", b"acid", acid))
    return before, chunk("<", b"ID3 ", id3())


def riff(*chunks, form=b"RIFF"):
    body = b"WAVE" + b"".join(chunks)
    return form + struct.pack("<I", len(body) if form == b"RIFF" else 0xFFFFFFFF) + body


def wavs():
    before, after = wav_tags()
    data = chunk("<", b"data", ramp(48))
    extension = struct.pack("<HHIH", 22, 20, 3, 1) + GUID_TAIL
    ds64 = chunk("<", b"ds64", struct.pack("<QQQI", 0, 48, 12, 1) + b"zzzz" + struct.pack("<Q", 6))
    big = ds64 + fmt(1, 2, 16) + b"zzzz\xff\xff\xff\xff" + ramp(6) + b"data\xff\xff\xff\xff" + ramp(48)
    return {
        "pcm8": riff(fmt(1, 1, 8), data), "pcm16": riff(fmt(1, 2, 16), data), "pcm24": riff(fmt(1, 2, 24), data),
        "pcm24_in_32": riff(fmt(1, 1, 24, 4), data), "pcm32": riff(fmt(1, 6, 32), data),
        "float32": riff(fmt(3, 2, 32, extra=b"\0\0"), chunk("<", b"fact", struct.pack("<I", 6)), data),
        "float64": riff(fmt(3, 1, 64), data), "a_law": riff(fmt(6, 1, 8), data), "u_law": riff(fmt(7, 2, 8), data),
        "extensible": riff(fmt(0xFFFE, 2, 24, extra=extension), data), "tagged": riff(fmt(1, 2, 16), before, data, after),
        "rf64": riff(big, form=b"RF64"), "bw64": riff(big, form=b"BW64"),
        "streamed": riff(fmt(1, 2, 16), b"data\xff\xff\xff\xff", ramp(48)),
        "odd_without_pad": riff(fmt(1, 1, 8), b"junk\3\0\0\0abc", data), "ima_adpcm": riff(fmt(0x11, 1, 4, 1), data),
    }


def comm(channels, frames, bits, kind=b""):
    named = kind and kind + b"\0\0"
    return chunk(">", b"COMM", struct.pack(">HIH", channels, frames, bits) + RATE_80 + named)


def form(*chunks, kind=b"AIFF"):
    body = kind + b"".join(chunks)
    return b"FORM" + struct.pack(">I", len(body)) + body


def aiffs():
    data = chunk(">", b"SSND", bytes(8) + ramp(48))
    mark = chunk(">", b"MARK", struct.pack(">H", 3) + b"".join(
        struct.pack(">HIB", i, i * 3, 3) + b"abc" for i in (1, 2, 3)))
    inst = chunk(">", b"INST", struct.pack(">6bh6h", 60, 0, 0, 127, 1, 127, 0, 1, 1, 3, 0, 0, 0))
    comt = chunk(">", b"COMT", struct.pack(">HIHH", 1, 0, 0, 4) + b"said")
    texts = b"".join(chunk(">", name, b"text") for name in (b"NAME", b"AUTH", b"(c) ", b"ANNO"))
    shifted = chunk(">", b"SSND", struct.pack(">II", 6, 0) + ramp(54))
    files = {
        "pcm8": form(comm(1, 48, 8), data), "pcm16": form(comm(2, 12, 16), data), "pcm24": form(comm(2, 8, 24), data),
        "pcm32": form(comm(1, 12, 32), data), "offset": form(comm(2, 12, 16), shifted),
        "tagged": form(comm(2, 12, 16), texts, comt, mark, inst, data, chunk(">", b"ID3 ", id3())),
        "streamed": form(comm(2, 0, 16), b"SSND\xff\xff\xff\xff", bytes(8), ramp(48)), "empty": form(comm(2, 0, 16)),
    }
    for kind, bits in ((b"sowt", 16), (b"twos", 16), (b"in24", 24), (b"fl32", 32), (b"FL64", 64), (b"ulaw", 16),
                       (b"ALAW", 16), (b"raw ", 8), (b"ima4", 4)):
        files["aifc_" + kind.decode().strip()] = form(comm(1, 6, bits, kind), data, kind=b"AIFC")
    return files


def main():
    for folder, files in (("wav_reader", wavs()), ("aiff_reader", aiffs())):
        (CORPUS / folder).mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (CORPUS / folder / name).write_bytes(content)


if __name__ == "__main__":
    main()
