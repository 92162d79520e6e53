"""An email about the event `paid` that prints one thing, `PRINTS`, and the journey that sends it."""

PAID_EMAIL = """\
---
kind: Message
id: paid_email
channel: email
event: paid
from: orders@acme.example
subject: Your order
html: "<p>PRINTS</p>"
---
kind: Journey
id: paid
name: Paid
category: transactional
trigger: paid
re_entry: { cooldown: none }
steps: [{ id: email, send_email: { message: paid_email, quiet_hours: ignore, smart_sending: ignore } }]
status: active
"""
