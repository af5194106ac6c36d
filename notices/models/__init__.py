"""What people are told, by which way it goes out, and what they have chosen."""

from notices.models.choices import NoticeChoice
from notices.models.endpoints import Adapter, Endpoint
from notices.models.notices import Notice
from notices.models.outgoing import Channel, Delivery, Digest, Outgoing, State

__all__ = [
    "Adapter",
    "Channel",
    "Delivery",
    "Digest",
    "Endpoint",
    "Notice",
    "NoticeChoice",
    "Outgoing",
    "State",
]
