"""Sentences of the doctor in the window's language, as far as they are known."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from ui.sentences import KNOWN, translated

FOUND = (
    QT_TRANSLATE_NOOP("sentences", "The settings take {0} in place of one."),
    QT_TRANSLATE_NOOP("sentences", "There is no microphone. Plug one in."),
    QT_TRANSLATE_NOOP("sentences", "{0} is taken meanwhile."),
    QT_TRANSLATE_NOOP("sentences", "{0} is taken."),
    QT_TRANSLATE_NOOP("sentences", "There are {0} to choose from."),
    QT_TRANSLATE_NOOP("sentences", "{0} is muted."),
    QT_TRANSLATE_NOOP("sentences", "{0} is heard."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "{0} gives nothing but silence. Is it switched off, or is this program not allowed to "
        "listen?",
    ),
    QT_TRANSLATE_NOOP(
        "sentences", "{0} is as loud as can be, so it distorts: turn its level down."
    ),
    QT_TRANSLATE_NOOP("sentences", "There is sound."),
    QT_TRANSLATE_NOOP("sentences", "There is no camera that this user may use."),
    QT_TRANSLATE_NOOP("sentences", "Meetings hear the translation and see a slate with a text."),
    QT_TRANSLATE_NOOP("sentences", "This user may not use {0}."),
    QT_TRANSLATE_NOOP("sentences", "The group {0} has been joined already: log out and in again."),
    QT_TRANSLATE_NOOP("sentences", "Log out and in again."),
    QT_TRANSLATE_NOOP("sentences", "Start the machine anew."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "{0} is open in {1}. Most cameras serve one program at a time: if no picture comes, end"
        " that program.",
    ),
    QT_TRANSLATE_NOOP("sentences", "{0} at {1} pictures a second."),
    QT_TRANSLATE_NOOP(
        "sentences", "Its best is {0} at {1} pictures a second: the picture will jerk."
    ),
    QT_TRANSLATE_NOOP(
        "sentences", "Its best is {0} at {1} pictures a second: the picture will be coarse."
    ),
    QT_TRANSLATE_NOOP(
        "sentences", "Workers behind the broker do it: `translated-camera worker` starts one."
    ),
    QT_TRANSLATE_NOOP("sentences", "Switched off in the settings."),
    QT_TRANSLATE_NOOP("sentences", "It is switched off in the settings."),
    QT_TRANSLATE_NOOP("sentences", "Until then the picture passes as it is: `--lips off`."),
    QT_TRANSLATE_NOOP("sentences", "{0} may not be written by this user."),
    QT_TRANSLATE_NOOP("sentences", "{0} is in the way of the folder {1}: it is a file."),
    QT_TRANSLATE_NOOP("sentences", "(made when needed)"),
    QT_TRANSLATE_NOOP("sentences", "there is none yet; everything is as it comes"),
    QT_TRANSLATE_NOOP("sentences", "(the default is used)"),
    QT_TRANSLATE_NOOP("sentences", "(it is left out)"),
    QT_TRANSLATE_NOOP("sentences", "All are there: {0}."),
    QT_TRANSLATE_NOOP("sentences", "A guest speaks {0} already: nothing to translate."),
    QT_TRANSLATE_NOOP("sentences", "A guest needs a microphone that nobody else speaks into."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "A guest is to be heard from a file that is not there: choose another one in the settings.",
    ),
    QT_TRANSLATE_NOOP("sentences", "No font here has the letters of {0}."),
    QT_TRANSLATE_NOOP("sentences", "There are fonts for both languages."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "What lays out right-to-left text is missing: its letters stand apart, or reversed.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences", "There is none of NVIDIA's; everything is computed on the processor."
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "There is one of NVIDIA's, but its driver does not answer; the processor is used.",
    ),
    QT_TRANSLATE_NOOP("sentences", "CTranslate2 computes on the card."),
    QT_TRANSLATE_NOOP(
        "sentences", "CTranslate2 finds no card it can compute on: cuBLAS or cuDNN is missing."
    ),
    QT_TRANSLATE_NOOP("sentences", "Not installed; lips are drawn without it, more slowly."),
    QT_TRANSLATE_NOOP("sentences", "Not installed; what needs it is left out."),
    QT_TRANSLATE_NOOP("sentences", "{0} with CUDA {1}"),
    QT_TRANSLATE_NOOP(
        "sentences",
        "{0} computes on the processor only: built without CUDA, or the driver is too old.",
    ),
    QT_TRANSLATE_NOOP("sentences", "It cannot be loaded: {0}"),
    QT_TRANSLATE_NOOP("sentences", "It could not be looked at: {0}"),
    QT_TRANSLATE_NOOP("sentences", "The language is found out as you speak."),
    QT_TRANSLATE_NOOP("sentences", "Translated are: {0}."),
    QT_TRANSLATE_NOOP(
        "sentences", "Nothing is here that translates from {0} into what a voice can speak."
    ),
    QT_TRANSLATE_NOOP("sentences", "From {0}: {1}."),
    QT_TRANSLATE_NOOP("sentences", "The kernel module is loaded{0}."),
    QT_TRANSLATE_NOOP("sentences", "PipeWire's camera stands in, which fewer programs see."),
    QT_TRANSLATE_NOOP("sentences", "The kernel module is installed and not loaded."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "This system has no kernel modules of its own (a container?): load it on the host.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences", "The kernel module is not installed, which makes the camera for programs."
    ),
    QT_TRANSLATE_NOOP("sentences", "{0} may not be opened by this user; see the permissions."),
    QT_TRANSLATE_NOOP("sentences", "No device is called “{0}”."),
    QT_TRANSLATE_NOOP(
        "sentences", "There is {0}; the setting devices.virtual_camera can name one by its path."
    ),
    QT_TRANSLATE_NOOP("sentences", "It is on, as Chromium needs it."),
    QT_TRANSLATE_NOOP(
        "sentences", "It is off: Chromium and what is made of it never list the camera."
    ),
    QT_TRANSLATE_NOOP("sentences", "A session of this program feeds {0}."),
    QT_TRANSLATE_NOOP("sentences", "{0} is fed by {1} at this moment; one program can at a time."),
    QT_TRANSLATE_NOOP("sentences", "{0} takes no pictures while {1} holds it. End that program."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "{0} takes no pictures since its last writer died; the next session cures that.",
    ),
    QT_TRANSLATE_NOOP("sentences", "{0} takes pictures again."),
    QT_TRANSLATE_NOOP(
        "sentences", "{0} holds {1} at {2}. Switch the camera off there, and on again later."
    ),
    QT_TRANSLATE_NOOP("sentences", "“{0}” ({1}) takes pictures."),
    QT_TRANSLATE_NOOP("sentences", "They are those that were tried."),
    QT_TRANSLATE_NOOP("sentences", "All there."),
    QT_TRANSLATE_NOOP("sentences", "Missing: {0}."),
    QT_TRANSLATE_NOOP("sentences", "Other than tried: {0}."),
    QT_TRANSLATE_NOOP("sentences", "It is compiled."),
    QT_TRANSLATE_NOOP("sentences", "The small library that makes the camera is not compiled."),
    QT_TRANSLATE_NOOP("sentences", "The PipeWire camera is compiled."),
    QT_TRANSLATE_NOOP(
        "sentences", "What compiles the small library that makes the camera is not installed."
    ),
    QT_TRANSLATE_NOOP("sentences", "It is running."),
    QT_TRANSLATE_NOOP("sentences", "PipeWire is installed and does not run for this user."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "PipeWire is not installed; without it and without v4l2loopback there is no camera.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences", "There is no D-Bus session, so no portal: browsers cannot be given the camera."
    ),
    QT_TRANSLATE_NOOP("sentences", "It is there (version {0})."),
    QT_TRANSLATE_NOOP(
        "sentences", "xdg-desktop-portal is not installed: browsers cannot be given the camera."
    ),
    QT_TRANSLATE_NOOP(
        "sentences", "This desktop's portal offers no cameras. Install the portal of your desktop."
    ),
    QT_TRANSLATE_NOOP("sentences", "Whether there is one cannot be told: {0}."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "{0} cores{1}, without AVX2: the networks run many times slower. Use the basic engines.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "{0} cores{1}: with fewer than {2}, small models and lips on `own_mouth` do best.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences", "{0} cores: with fewer than {1}, small models and lips on `own_mouth` do best."
    ),
    QT_TRANSLATE_NOOP("sentences", "{0} cores{1}; without VNNI, so eight bits gain less."),
    QT_TRANSLATE_NOOP("sentences", "{0} cores{1}."),
    QT_TRANSLATE_NOOP("sentences", "How much there is cannot be told here."),
    QT_TRANSLATE_NOOP("sentences", "{0} GB, {1} free: too little for more than the basic engines."),
    QT_TRANSLATE_NOOP("sentences", "{0} GB, {1} free: end what you do not need."),
    QT_TRANSLATE_NOOP("sentences", "{0} GB, {1} free."),
    QT_TRANSLATE_NOOP(
        "sentences", "{0} GB free where models and recordings lie ({1}): nothing more can be kept."
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "{0} GB free where models and recordings lie ({1}): too little for the larger models.",
    ),
    QT_TRANSLATE_NOOP("sentences", "{0} GB free where models and recordings lie ({1})."),
    QT_TRANSLATE_NOOP("sentences", "It is heard by {0}."),
    QT_TRANSLATE_NOOP("sentences", "It is made when a session starts."),
    QT_TRANSLATE_NOOP("sentences", "A session of this program feeds it at this moment."),
    QT_TRANSLATE_NOOP("sentences", "Every program hears it."),
    QT_TRANSLATE_NOOP("sentences", "It is in use: {0} plays into it."),
    QT_TRANSLATE_NOOP(
        "sentences", "“{0}” is the system's default: programs that are told nothing take it."
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "The system's default loudspeaker is ours: what programs play goes into the meeting.",
    ),
    QT_TRANSLATE_NOOP("sentences", "There is no other to take its place."),
    QT_TRANSLATE_NOOP("sentences", "{0} is the default."),
    QT_TRANSLATE_NOOP("sentences", "Whether it is there shows when a session starts."),
    QT_TRANSLATE_NOOP("sentences", "{0} is there."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "macOS asks once for camera and microphone; see System Settings, Privacy & Security.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "If nothing is seen or heard: Settings, Privacy & security, Camera and Microphone.",
    ),
    QT_TRANSLATE_NOOP("sentences", "Done: {0}."),
    QT_TRANSLATE_NOOP("sentences", "{0} cores."),
    QT_TRANSLATE_NOOP("sentences", "Start PipeWire (with pipewire-pulse) or PulseAudio."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "XTTS speaks with a speaker's own voice. Name the speaker in the setting voice.own; "
        "`translated-camera voices learn` teaches it one.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "The neural turn judge needs the file {0}. Get it with `translated-camera models pull "
        "smart-turn`, or install pipecat-ai, which contains it.",
    ),
    QT_TRANSLATE_NOOP("sentences", "There is no sound device named “{0}”."),
    QT_TRANSLATE_NOOP("sentences", "Install VB-CABLE from {0}."),
    QT_TRANSLATE_NOOP("sentences", "Install BlackHole 2ch: {0}."),
    QT_TRANSLATE_NOOP(
        "sentences",
        "It is UnityCapture, registered as administrator: {0}; or the virtual camera of OBS "
        "Studio.",
    ),
    QT_TRANSLATE_NOOP(
        "sentences",
        "It is the virtual camera of OBS Studio 30 or later, started there once and stopped.",
    ),
    QT_TRANSLATE_NOOP("sentences", "(basic)"),
    QT_TRANSLATE_NOOP("sentences", "; not {0}:"),
    QT_TRANSLATE_NOOP("sentences", "The kernel module is loaded."),
)
"""The longer of two that begin alike comes first."""


def finding_words(text: str) -> str:
    """What a finding says, or what came of its fix."""
    return translated(text, (*FOUND, *KNOWN))
