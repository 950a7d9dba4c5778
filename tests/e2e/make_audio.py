"""Signals and WAV files for the end-to-end tests, written by nothing but Python's standard library.

A signal is a list of channels, each a list of floats, +-1.0 nominal. The writer is a second opinion: it shares no
code with the program, and it can also write what no sound program would.
"""
import array
import math
import random
import struct
import sys

RATE = 44100


def amplitude(level_db):
    return 10 ** (level_db / 20)


def sine(seconds, level_db=-20.0, frequency=997, rate=RATE, channels=2):
    """A sine; one period of a whole number of frames is made and repeated."""
    frames = round(seconds * rate)
    period = rate // math.gcd(rate, frequency)
    peak = amplitude(level_db)
    wave = [peak * math.sin(2 * math.pi * frequency * i / rate) for i in range(min(period, frames))]
    whole = (wave * (frames // len(wave) + 1))[:frames] if wave else []
    return [whole] * channels


def noise(seconds, level_db=-20.0, rate=RATE, channels=2, seed=1):
    """Gaussian noise of that RMS level, another one in each channel."""
    made = []
    for channel in range(channels):
        source = random.Random(seed * 1000 + channel)
        loudest = amplitude(level_db)
        made.append([max(-1.0, min(1.0, source.gauss(0, loudest))) for _ in range(round(seconds * rate))])
    return made


def silence(seconds, rate=RATE, channels=2):
    return [[0.0] * round(seconds * rate) for _ in range(channels)]


def joined(*signals):
    return [sum((list(signal[c]) for signal in signals), []) for c in range(len(signals[0]))]


def mixed(*signals):
    return [[sum(values) for values in zip(*(signal[c] for signal in signals))] for c in range(len(signals[0]))]


# ---- samples as bytes ----

def interleaved(signal):
    return [value for frame in zip(*signal) for value in frame]


def as_integers(values, bits):
    scale = 1 << (bits - 1)
    return [max(-scale, min(scale - 1, round(value * scale))) for value in values]


def packed(typecode, values):
    data = array.array(typecode, values)
    if sys.byteorder == "big":
        data.byteswap()
    return data.tobytes()


def a_law(sample):
    """ITU-T G.711, from 16-bit linear."""
    sign = 0x80 if sample >= 0 else 0
    magnitude = min((sample if sample >= 0 else ~sample) >> 3, 0xFFF)
    if magnitude < 32:
        code = magnitude >> 1
    else:
        exponent = magnitude.bit_length() - 5
        code = exponent << 4 | (magnitude >> exponent) & 0x0F
    return (sign | code) ^ 0x55


def u_law(sample):
    """ITU-T G.711, from 16-bit linear."""
    sign = 0x00 if sample >= 0 else 0x80
    magnitude = min(abs(sample), 32635) + 132
    exponent = magnitude.bit_length() - 8
    return ~(sign | exponent << 4 | (magnitude >> (exponent + 3)) & 0x0F) & 0xFF


def pcm24(values):
    return b"".join(value.to_bytes(3, "little", signed=True) for value in as_integers(values, 24))


# name -> (format tag, bits, values to bytes)
CODINGS = {
    "pcm8": (1, 8, lambda v: bytes(value + 128 for value in as_integers(v, 8))),
    "pcm16": (1, 16, lambda v: packed("h", as_integers(v, 16))),
    "pcm24": (1, 24, pcm24),
    "pcm32": (1, 32, lambda v: packed("i", as_integers(v, 32))),
    "float32": (3, 32, lambda v: packed("f", v)),
    "float64": (3, 64, lambda v: packed("d", v)),
    "a-law": (6, 8, lambda v: bytes(map(a_law, as_integers(v, 16)))),
    "u-law": (7, 8, lambda v: bytes(map(u_law, as_integers(v, 16)))),
}

# What follows the format tag in a WAVEFORMATEXTENSIBLE's GUID.
GUID_TAIL = bytes.fromhex("000000001000800000aa00389b71")


# ---- WAV ----

def chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def format_chunk(coding="pcm16", channels=2, rate=RATE, extensible=False):
    tag, bits, _ = CODINGS[coding]
    block = channels * bits // 8
    kept = 0xFFFE if extensible else tag
    data = struct.pack("<HHIIHH", kept, channels, rate, (rate * block) & 0xFFFFFFFF, block, bits)
    if extensible:
        data += struct.pack("<HHIH", 22, bits, (1 << channels) - 1, tag) + GUID_TAIL
    return chunk(b"fmt ", data)


def wav(signal, coding="pcm16", rate=RATE, kind=b"RIFF", extensible=False, before=b"", after=b""):
    """A whole WAV file. kind: RIFF, RF64 or BW64. before, after: chunks around the data."""
    data = CODINGS[coding][2](interleaved(signal))
    shape = format_chunk(coding, len(signal), rate, extensible) + before
    end = b"\0" * (len(data) % 2) + after
    if kind == b"RIFF":
        body = b"WAVE" + shape + b"data" + struct.pack("<I", len(data)) + data + end
        return b"RIFF" + struct.pack("<I", len(body)) + body
    size = 4 + 36 + len(shape) + 8 + len(data) + len(end)
    frames = len(signal[0])
    sizes = chunk(b"ds64", struct.pack("<QQQI", size, len(data), frames, 0))
    return kind + b"\xff" * 4 + b"WAVE" + sizes + shape + b"data" + b"\xff" * 4 + data + end


def write_wav(path, signal, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(wav(signal, **options))
    return path


def write_long_wav(path, seconds):
    """Noise in 16 bits, repeated from a second of it."""
    second = CODINGS["pcm16"][2](interleaved(noise(1)))
    size = len(second) * seconds
    header = bytearray(wav([[], []]))
    header[4:8] = (size + 36).to_bytes(4, "little")
    header[40:44] = size.to_bytes(4, "little")
    with open(path, "wb") as file:
        file.write(header)
        for _ in range(seconds):
            file.write(second)


def cue_chunks(markers):
    """Point markers as (frame, label)."""
    points = b"".join(struct.pack("<II4sIII", i + 1, frame, b"data", 0, 0, frame)
                      for i, (frame, _) in enumerate(markers))
    labels = b"".join(chunk(b"labl", struct.pack("<I", i + 1) + label.encode() + b"\0")
                      for i, (_, label) in enumerate(markers))
    return chunk(b"cue ", struct.pack("<I", len(markers)) + points) + chunk(b"LIST", b"adtl" + labels)


def info_chunk(fields):
    """LIST/INFO from {four letters: bytes}."""
    return chunk(b"LIST", b"INFO" + b"".join(chunk(name, value + b"\0") for name, value in fields.items()))


# ---- tags and pictures ----

def id3v2(frames):
    """An ID3v2.4 tag from (four letters, body)."""
    def seven_bits(size):
        return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))
    body = b"".join(name + seven_bits(len(data)) + b"\0\0" + data for name, data in frames)
    return b"ID3\x04\0\0" + seven_bits(len(body)) + body


def vorbis_comment(comments, vendor=b"test"):
    body = struct.pack("<I", len(vendor)) + vendor + struct.pack("<I", len(comments))
    return body + b"".join(struct.pack("<I", len(text)) + text for text in comments)


def flac_with_block(flac, block_type, body):
    """The FLAC file with one more metadata block after STREAMINFO."""
    header = flac[:4 + 4 + 34]
    rest = flac[len(header):]
    blocks = []
    while rest:
        last, kind, size = rest[0] & 0x80, rest[0] & 0x7F, int.from_bytes(rest[1:4], "big")
        if kind != block_type:
            blocks.append(bytes([kind]) + rest[1:4 + size])
        rest = rest[4 + size:]
        if last:
            break
    blocks.append(bytes([block_type]) + len(body).to_bytes(3, "big") + body)
    blocks[-1] = bytes([blocks[-1][0] | 0x80]) + blocks[-1][1:]
    return header[:4] + bytes([header[4] & 0x7F]) + header[5:] + b"".join(blocks) + rest


def png(width=1, height=1, data=b"\x08\xd7\x63\xf8\xcf\xc0\x00\x00\x03\x01\x01\x00"):
    """A PNG header of any size; a whole picture where width and height are 1."""
    import zlib

    def part(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    if (width, height) == (1, 1):
        data = zlib.compress(b"\0\xff\0\0")
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", data) + part(b"IEND", b"")
