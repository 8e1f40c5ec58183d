"""A list of commands in the guest, each with its expected result.

A step is (command, status, pattern): the command is run by the shell, all in
one script, and its output must match the regular expression, "" for none.
"""
import re

from guest import Failed

# How much of the output of a step is printed if it fails: the end.
OUTPUT_CHARACTERS = 4000


def run_steps(rig, prelude, steps, seconds=600):
    """Run the steps; return how many there are, or raise Failed."""
    script = [prelude]
    for i, (command, _, _) in enumerate(steps):
        script.append("echo '<<<%d'; { %s\n} 2>&1; echo \">>>$?\"" % (
            i, command))
    status, output = rig.guest.run("\n".join(script), seconds=seconds)
    bad = []
    for i, (command, expected, pattern) in enumerate(steps):
        found = re.search(r"<<<%d\n(.*?)>>>(\d+)\n" % i, output, re.S)
        if not found:
            bad.append("%s: not reached; status %d; output ends with\n%s" % (
                command, status, output[-1500:]))
            break
        if int(found.group(2)) != expected or not re.search(
                pattern, found.group(1), re.M):
            bad.append("%s\n  expected: status %d, /%s/\n"
                       "  found:    status %s, %s" % (
                           command, expected, pattern, found.group(2),
                           found.group(1).strip()[-OUTPUT_CHARACTERS:]))
    if bad:
        raise Failed("\n".join(bad))
    return len(steps)
