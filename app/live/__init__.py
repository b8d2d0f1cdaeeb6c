"""The live session: two small processes for the devices, the translation and the picture here,
and shared memory between them.

    inputs process ──taken, heard──► here ──shown, voice──► outputs process
          └───────────── the original: taken, heard ──────────────┘

The outputs get the original without this process, so that it passes on whatever happens here.
"""
