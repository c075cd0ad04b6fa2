"""The one small process beside each job.

It is started as ``python -I -S DIRECTORY JOBDIR`` and uses the standard library alone, so that it starts in
hundredths of a second and needs nothing of the environment that installed it. It outlives the platform: all it
has to say it writes into files of the job's directory, see :mod:`record`.

The modules find each other by plain name when they run like that, and by package when the platform imports one.
"""
