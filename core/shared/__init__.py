"""Memory that several processes of this program see at once: pictures, sound, and small numbers.

Nobody ever waits for another process here: what is stored is complete when its number is raised,
and a reader that was overtaken notices and reads again. A process that is killed in the middle
of a write leaves the others with what was complete before.
"""
