"""Rows for tapelab record: a pipe through it, against one through cat."""
from measure import Row, pairs, times_as_fast, times_the_work


def piped(place, through, to):
    """Return a command: the source goes through a pipe and a program."""
    return ["sh", "-c", "dd if=%s bs=1M status=none | %s %s" %
            (place.source, through, to)]


def rows(place):
    record = "%s/tapelab record -qo %s/trace" % (place.build, place.disk)
    for name, to, bound in (
            ("a pipe -> record -> /dev/null", "> /dev/null", 0.8),
            ("a pipe -> record -> a pipe",
             "| dd of=/dev/null bs=1M status=none", 1.0)):
        rounds = pairs(piped(place, record, to), piped(place, "cat", to))
        yield Row(name + ", against cat", times_as_fast(rounds), "x", ">=",
                  bound)
        yield Row(name + ", processor time, against cat",
                  times_the_work(rounds), "x", "<=", 1.2)
