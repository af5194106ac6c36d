"""Reminds of items on the database ``REMINDERS_DATABASE``, in a new process for each line that it reads.

Says the number of the process, which may then be killed, and after it what it ended with.
"""

from __future__ import annotations

if __name__ == "__main__":
    import os
    import sys
    from datetime import datetime

    import django

    django.setup()
    from audit_log import clock
    from tests.databases import use
    from workflow.rectification_deadlines import remind_of_items

    use(os.environ["REMINDERS_DATABASE"])
    for _line in sys.stdin:
        process = os.fork()
        if process == 0:
            with clock.at(datetime.fromisoformat(os.environ["REMINDERS_MOMENT"])):
                remind_of_items(0)
            os._exit(0)
        print(process, flush=True)
        _process, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)
