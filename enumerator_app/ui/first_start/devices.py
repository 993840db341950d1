"""Which printers and cameras this laptop has. Qt's heavy parts are loaded only when asked."""


def printer_names() -> tuple[str, ...]:
    """Return the printers the system knows; may take seconds with network printers."""
    from PySide6.QtPrintSupport import QPrinterInfo  # noqa: PLC0415 - heavy, and not before unlock

    return tuple(QPrinterInfo.availablePrinterNames())


def camera_names() -> tuple[str, ...]:
    """Return the cameras; none where the multimedia part cannot be loaded."""
    try:
        from PySide6.QtMultimedia import QMediaDevices  # noqa: PLC0415 - heavy, and may be missing
    except ImportError:
        return ()
    return tuple(device.description() for device in QMediaDevices.videoInputs())
