"""The one base of every fault that a person can mend."""


class Fault(Exception):
    """Something outside the code is wrong: a setting, a file, a server.

    The message is one line that says what is wrong and what to do. The command line prints it without a
    traceback and exits with `exit_status`.
    """

    exit_status = 1
