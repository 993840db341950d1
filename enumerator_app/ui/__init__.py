"""The window. The only package that knows Qt."""

from enumerator_app.ui.none_guard import keep_none_alive

keep_none_alive()  # before the first Qt call, whichever module makes it
