"""The camera that meeting programs see.

pyvirtualcam's licence is GPL-2.0-only, which cannot be one program with the Apache-2.0 libraries
that other engines load (OpenVINO, MediaPipe, OpenCV). So a virtual camera is opened in the outputs
process only, pyvirtualcam is imported when one is opened and not before, and nothing in this
package imports any of those.
"""
