"""Imported first by the process that workers are forked from; it only sets how a worker ends.

An interrupt from a terminal reaches every process of a run. It ends these without a word, at whatever moment
of their beginning: the run says what there is, and `TakingInError` says that a worker is gone.
"""

import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)
sys.excepthook = lambda *_: None
