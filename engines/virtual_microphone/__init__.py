"""The microphone that meeting programs hear: `opening.open_virtual_microphone` makes one."""
