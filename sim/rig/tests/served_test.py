#!/usr/bin/env python3
"""What a case reports when the server of its library fails, too."""
import os
import signal
import sys
import unittest

from command import PROGRAM, ROOT, main

sys.path.insert(0, os.path.join(ROOT, "sim/rig"))

from guest import Failed  # noqa: E402
from served import Library  # noqa: E402


class NoGuest:
    build = os.path.dirname(PROGRAM)
    guest = None

    def __init__(self, session_ports=()):
        self.session_ports = session_ports

    def stop(self):
        pass


def serve_and_kill(failure=None):
    """A case whose server is killed, and which fails then, if it does."""
    with Library(NoGuest(), "--volumes", "1") as library:
        library.serve()
        library.server.send_signal(signal.SIGKILL)
        library.server.wait()
        if failure is not None:
            raise failure


class FirstPort:
    """Has the first port that it is asked for, and no other."""

    def __init__(self):
        self.asked = []

    def __contains__(self, port):
        self.asked.append(port)
        return len(self.asked) == 1


class Ports(unittest.TestCase):
    def test_a_port_with_a_session_is_not_used_again(self):
        """What should happen: each library has a session of its own.
        What did happen: the kernel gave a server the port of an ended one, and
        iscsistart refused to log in: "session exists"."""
        ports = FirstPort()
        with Library(NoGuest(ports), "--volumes", "1") as library:
            library.serve()
            self.assertEqual(2, len(ports.asked))
            self.assertEqual(library.port, ports.asked[1])


class FailedCase(unittest.TestCase):
    def test_a_failed_server_fails_the_case(self):
        with self.assertRaisesRegex(Failed, "ended with status -9"):
            serve_and_kill()

    def test_the_failure_of_the_case_comes_first(self):
        """What should happen: the failure of the case is reported.
        What did happen: that of the server, such as faults that had not
        struck, replaced it."""
        with self.assertRaisesRegex(
                Failed, r"^no time is left\n.*ended with status -9"):
            serve_and_kill(Failed("no time is left"))

    def test_a_rig_that_is_ended_ends(self):
        with self.assertRaises(SystemExit) as raised:
            serve_and_kill(SystemExit(1))
        self.assertEqual(1, raised.exception.code)


if __name__ == "__main__":
    main()
