"""RealtimeKit, which lets the threads that sound depends on go before others, also where users may
not decide that: most Linux desktops have it, and sound servers ask it for the same."""

import threading

_PATIENCE_S = 1.0


def hurry(nice: int) -> None:
    """The calling thread gets this priority, and none of those that it starts. OSError when nobody
    gives it: there is no RealtimeKit, or it finds that enough was given."""
    from jeepney import DBusAddress, MessageType, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    name = "org.freedesktop.RealtimeKit1"
    kit = DBusAddress("/org/freedesktop/RealtimeKit1", name, name)
    wish = new_method_call(kit, "MakeThreadHighPriority", "ti", (threading.get_native_id(), nice))
    try:
        with open_dbus_connection(bus="SYSTEM", auth_timeout=_PATIENCE_S) as bus:
            answer = bus.send_and_get_reply(wish, timeout=_PATIENCE_S)
    except (RuntimeError, ValueError) as error:  # of an address or a greeting that is none
        raise OSError("The system bus cannot be used.") from error
    if answer.header.message_type is MessageType.error:
        raise PermissionError(f"RealtimeKit refuses: {answer.body}")
