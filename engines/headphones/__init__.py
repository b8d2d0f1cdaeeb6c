"""Where the user hears what is meant for them alone: an output of their own, never ours."""
