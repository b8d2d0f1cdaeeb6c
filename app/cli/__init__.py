"""What each command takes. Only declarations: what a command does is imported when it is called."""
