#!/usr/bin/env python3
"""The line of progress on a terminal."""
import fcntl
import os
import pty
import re
import struct
import subprocess
import termios
import unittest

import make_audio
import support
from support import DONE, ProgramTest


class ProgressLine(ProgramTest):
    def lines(self, *arguments, columns):
        """Each state of the line that `dubplate export` shows on a terminal so wide."""
        terminal, end = pty.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        process = subprocess.Popen([support.PROGRAM, "export", *arguments, "-o", self.out], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.DEVNULL, stderr=end, env=support.environment(self.folder))
        os.close(end)
        shown = b""
        try:
            while block := os.read(terminal, 65536):
                shown += block
        except OSError:  # how a terminal tells that nobody writes to it any longer
            pass
        os.close(terminal)
        self.assertEqual(process.wait(timeout=60), DONE)
        return [line.rstrip("\r\n") for line in re.split(r"\r|\x1b\[K", shown.decode()) if line.strip()]

    def test_a_long_name_is_shortened_and_all_else_is_seen(self):
        name = "A very long name of a very long song that no terminal has the room for, take 2.wav"
        make_audio.write_long_wav(self.folder / name, 60)
        for columns in (60, 80):
            with self.subTest(columns):
                lines = self.lines(name, "-f", "mp3", "--overwrite", columns=columns)
                paced = [line for line in lines if "x real time" in line]
                self.assertTrue(paced, lines)
                for line in lines:
                    self.assertLess(len(line), columns)
                    self.assertRegex(line, r"\d %  \w+ ")
                for line in paced[1:-1]:
                    self.assertRegex(line, r" A.*….*v   \d+ x real time   \d+:\d\d left$")


if __name__ == "__main__":
    unittest.main()
