"""The embedded platform: the platform's REST API on one computer, in a process of its own.

It imports nothing from the rest of the package and is reached over HTTP, exactly as a cluster is. Only the code
that starts its process and the command line's ``user`` commands import from here.
"""
