"""RealtimeKit, which lets the threads that sound depends on go before others, also where users may
not decide that: most Linux desktops have it, and sound servers ask it for the same."""

_PATIENCE_S = 1.0


def hurry(thread: int, nice: int) -> None:
    """The thread of this process that the system knows by this number gets this priority, and none
    of those that it starts. OSError when nobody gives it: there is no RealtimeKit, or it finds that
    enough was given. A bus that is there and says nothing is waited for without an end."""
    from jeepney import DBusAddress, DBusErrorResponse, MessageType, new_method_call
    from jeepney.io.blocking import open_dbus_connection

    name = "org.freedesktop.RealtimeKit1"
    kit = DBusAddress("/org/freedesktop/RealtimeKit1", name, name)
    wish = new_method_call(kit, "MakeThreadHighPriority", "ti", (thread, nice))
    try:
        with open_dbus_connection(bus="SYSTEM", auth_timeout=_PATIENCE_S) as bus:
            answer = bus.send_and_get_reply(wish, timeout=_PATIENCE_S)
    # Of an address or a greeting that is none, or of a bus that has enough who ask.
    except (RuntimeError, ValueError, DBusErrorResponse) as error:
        raise OSError("The system bus cannot be used.") from error
    if answer.header.message_type is MessageType.error:
        raise PermissionError(f"RealtimeKit refuses: {answer.body}")
