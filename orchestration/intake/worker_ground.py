"""Imported first by the process that workers are forked from; it only sets how that and a worker end.

An interrupt from a terminal reaches every process of a run. It ends these without a word, at whatever moment
of their beginning: the run says what there is, and `TakingInError` says that a worker is gone.
"""

import signal
import sys
import threading

from tqdm import tqdm

signal.signal(signal.SIGINT, signal.SIG_DFL)
sys.excepthook = lambda *_: None
tqdm.set_lock(threading.RLock())  # Great Expectations' bars; a lock between processes would outlive a worker
# PySpark, if Great Expectations finds it, takes a process without this for its own tests, and ends it.
sys.modules["__main__"].__file__ = __file__
