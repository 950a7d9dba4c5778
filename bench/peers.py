"""The jobs that are measured and the commands that do them: ours, and what people use today.

A peer is a function (input, output stem, scratch folder) -> Cost. `whole` tells whether it does the whole job: to
measure, to bring to -16 LUFS under -1 dBTP, and to encode. The others do a part of it and are a floor to look at.
Ours also decodes and measures every file again, which none of the peers does.
"""
import concurrent.futures
import dataclasses
import json
import pathlib
import time
import typing
import wave

import measure

ROOT = pathlib.Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "build/release/dubplate"
TARGET = "loudnorm=I=-16:TP=-1:LRA=20"
FFMPEG = ["ffmpeg", "-nostdin", "-hide_banner", "-y"]


@dataclasses.dataclass
class Peer:
    name: str
    whole: bool
    run: typing.Callable


def ours(*options, extension):
    def run(source, stem, scratch):
        arguments = [PROGRAM, "export", source, *options, "-o", f"{stem}.{extension}", "--overwrite", "--json"]
        return measure.run_once(arguments, scratch)[0]
    return run


def ffmpeg_two_pass(*encoder, extension):
    """Pass 1 measures; pass 2 is given what it measured. loudnorm works at 192 kHz, hence the rate at the end."""
    def run(source, stem, scratch):
        first, _, text = measure.run_once(
            [*FFMPEG, "-i", source, "-af", f"{TARGET}:print_format=json", "-f", "null", "-"], scratch)
        seen = json.loads(text[text.rindex("{"):text.rindex("}") + 1])
        measured = (f"{TARGET}:linear=true:measured_I={seen['input_i']}:measured_TP={seen['input_tp']}"
                    f":measured_LRA={seen['input_lra']}:measured_thresh={seen['input_thresh']}"
                    f":offset={seen['target_offset']}")
        second, _, _ = measure.run_once([*FFMPEG, "-i", source, "-af", measured, *encoder, f"{stem}.{extension}"],
                                        scratch)
        return measure.add([first, second])
    return run


def command(*arguments, extension):
    """IN and OUT in the arguments stand for the files."""
    def run(source, stem, scratch):
        names = {"IN": str(source), "OUT": f"{stem}.{extension}"}
        return measure.run_once([names.get(a, a) for a in arguments], scratch)[0]
    return run


def turn(source, target, share):
    """The source's frames, beginning with what stands at that share of it."""
    with wave.open(str(source)) as whole, wave.open(str(target), "wb") as turned:
        turned.setparams(whole.getparams())
        begin = int(whole.getnframes() * share)
        for first, last in ((begin, whole.getnframes()), (0, begin)):
            whole.setpos(first)
            for place in range(first, last, 1 << 20):
                turned.writeframes(whole.readframes(min(1 << 20, last - place)))


def ours_beside(count, *options):
    """As many sources as long, worked on side by side: the same content would be measured once."""
    def run(source, stem, scratch):
        names = [pathlib.Path(scratch, f"copy {i}.wav") for i in range(count)]
        for i, name in enumerate(names):
            turn(source, name, i / count)
        return measure.run_once([PROGRAM, "export", *names, *options, "--jobs", str(count), "-o", f"{stem}-files",
                                 "--overwrite", "--json"], scratch)[0]
    return run


def four_alone(source, stem, scratch):
    return measure.add([ours("-f", name, "--bit-depth", "16", extension=name)(source, f"{stem}-{name}", scratch)
                        for name in ("wav", "aiff", "flac")]
                       + [ours("-f", "mp3", extension="mp3")(source, f"{stem}-mp3", scratch)])


def short_files(source, scratch, count=200, seconds=4):
    """Stretches of the source that follow each other, each a file."""
    folder = pathlib.Path(scratch, "short")
    folder.mkdir()
    with wave.open(str(source)) as whole:
        for i in range(count):
            frames = whole.readframes(seconds * whole.getframerate())
            if not frames:
                whole.rewind()
                continue
            with wave.open(str(folder / f"{i:03}.wav"), "wb") as part:
                part.setparams(whole.getparams())
                part.writeframes(frames)
    return sorted(folder.iterdir())


def our_files(source, stem, scratch):
    names = short_files(source, scratch)
    return measure.run_once([PROGRAM, "export", *names, "-f", "wav", "--sample-rate", "48000", "--bit-depth", "16",
                             "--jobs", "2", "-o", f"{stem}-files", "--overwrite", "--json"], scratch)[0]


def ffmpeg_files(source, stem, scratch):
    """One two-pass run for each file, two side by side."""
    export = ffmpeg_two_pass("-ar", "48000", "-c:a", "pcm_s16le", extension="wav")

    def one(name):
        folder = pathlib.Path(scratch, f"for {name.stem}")
        folder.mkdir()
        return export(name, folder / name.stem, folder)
    names = short_files(source, scratch)
    begin = time.perf_counter()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        total = measure.add(list(pool.map(one, names)))
    total.wall_seconds = time.perf_counter() - begin
    return total


JOBS = {
    "wav": ("WAV 44.1 kHz to WAV 48 kHz, 16 bit, -16 LUFS, -1 dBTP", [
        Peer("dubplate", True, ours("-f", "wav", "--sample-rate", "48000", "--bit-depth", "16", extension="wav")),
        Peer("ffmpeg, two-pass loudnorm", True,
             ffmpeg_two_pass("-ar", "48000", "-c:a", "pcm_s16le", extension="wav")),
        Peer("sox rate -v, dither", False,
             command("sox", "IN", "-b", "16", "OUT", "gain", "-3", "rate", "-v", "48000", "dither", extension="wav")),
    ]),
    "flac": ("WAV 44.1 kHz to FLAC, 16 bit, -16 LUFS, -1 dBTP", [
        Peer("dubplate", True, ours("-f", "flac", "--bit-depth", "16", extension="flac")),
        Peer("ffmpeg, two-pass loudnorm, flac", True,
             ffmpeg_two_pass("-ar", "44100", "-sample_fmt", "s16", "-c:a", "flac", extension="flac")),
        Peer("flac -5", False, command("flac", "--silent", "--force", "-5", "-o", "OUT", "IN", extension="flac")),
    ]),
    "mp3": ("WAV 44.1 kHz to MP3, 320 kbit/s, -16 LUFS, -1 dBTP", [
        Peer("dubplate", True, ours("-f", "mp3", "--bitrate", "320", extension="mp3")),
        Peer("ffmpeg, two-pass loudnorm, libmp3lame", True,
             ffmpeg_two_pass("-ar", "44100", "-c:a", "libmp3lame", "-b:a", "320k", extension="mp3")),
        Peer("lame -b 320", False, command("lame", "--silent", "-b", "320", "IN", "OUT", extension="mp3")),
    ]),
    "four": ("WAV, AIFF, FLAC and MP3 at once, 16 bit, -16 LUFS, -1 dBTP", [
        Peer("dubplate, four at once", True, lambda source, stem, scratch: measure.run_once(
            [PROGRAM, "export", source, "-f", "wav,aiff,flac,mp3", "--bit-depth", "16", "-o", f"{stem}-files", "--overwrite",
             "--json"], scratch)[0]),
        Peer("dubplate, one after the other", True, four_alone),
    ]),
    "beside": ("four inputs side by side to WAV 48 kHz, 16 bit, -16 LUFS, -1 dBTP", [
        Peer("dubplate --jobs 4", True, ours_beside(4, "-f", "wav", "--sample-rate", "48000", "--bit-depth", "16")),
    ]),
    "files": ("200 files of 4 s to WAV 48 kHz, 16 bit, -16 LUFS, -1 dBTP, two side by side", [
        Peer("dubplate --jobs 2", True, our_files),
        Peer("ffmpeg, two-pass loudnorm, two processes", True, ffmpeg_files),
    ]),
}
