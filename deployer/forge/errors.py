"""What can go wrong between a run and the forge (GitHub or GitLab) that it runs on."""

from __future__ import annotations

from deployer.errors import DeployerError


class ForgeError(DeployerError):
    """GitHub or GitLab can't do what was asked, or can't be asked; ``hint`` says what to do.

    ``status`` is the HTTP status of the answer, 0 where there was none. ``lost``: what was asked may have been done
    although no answer says so. The token is in neither text.
    """

    def __init__(self, message: str, hint: str, *, status: int = 0, lost: bool = False) -> None:
        super().__init__(message, hint)
        self.status = status
        self.lost = lost

    @property
    def forbidden(self) -> bool:
        """Whether the token may not do it: a fork's pull request has a token that only reads."""
        return self.status in {401, 403, 404}
