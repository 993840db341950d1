"""A line that is cut in the middle of a request is daily weather: no trace of it in the log."""

import logging
import socket


def test_a_request_that_is_cut_leaves_no_traceback(sqlite_office, laptop_on, caplog):
    laptop = laptop_on(sqlite_office)
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            with socket.create_connection(laptop.place) as line:
                head = "POST /v1/batches HTTP/1.1\r\nHost: kantor\r\nContent-Length: 1000\r\n\r\n"
                line.sendall(head.encode() + b"half of it")
                line.shutdown(socket.SHUT_WR)
                line.recv(1)  # the server has let go of it
        laptop.hello()  # and serves on
    assert [record.getMessage() for record in caplog.records] == []
