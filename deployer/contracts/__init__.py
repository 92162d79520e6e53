"""Events for their producers: whether a payload matches what is declared."""

from deployer.contracts.payloads import Outgoing, PayloadError, check_properties, prepare

__all__ = ["Outgoing", "PayloadError", "check_properties", "prepare"]
