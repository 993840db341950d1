"""A request that gets no 2xx: the status and the problem it is answered with."""

from sync.protocol.messages import Problem


class Refused(Exception):
    """The office will not do this request; nothing of it was stored.

    `headers` go with the answer, as the right offset of a photo does.
    """

    def __init__(
        self,
        status: int,
        code: str,
        *,
        counter: int | None = None,
        detail: str | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.problem = Problem(code=code, detail=detail, counter=counter)
        self.headers = headers or {}
