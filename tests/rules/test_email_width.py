"""What is wider than a phone whatever the screen, in the ways in which emails are written."""

import pytest

from deployer.rules.message.width import PHONE, too_wide


@pytest.mark.parametrize(
    ("html", "width"),
    [
        ('<table width="600">', 600),
        ('<TABLE WIDTH="600px">', 600),
        ('<div style="width: 640px">', 640),
        ('<div style="color:red;min-width:400px;width:100%">', 400),
        ('<img width="560" src="a.png" alt="">', 560),
        ('<td width="376">', 376),
    ],
)
def test_too_wide(html, width):
    """An attribute or a style that holds on every screen is found, with its width and its place."""
    assert [(tag.start, tag.end, least) for tag, least in too_wide(f"<p>\n{html}")] == [(4, 4 + len(html), width)]


@pytest.mark.parametrize(
    "html",
    [
        f'<table width="{PHONE}">',
        '<table width="100%" style="max-width:600px">',
        '<table width="600" style="width:100%;max-width:600px">',
        '<img width="560" style="max-width:100%" src="a.png" alt="">',
        '<div style="max-width:600px">',
        '<!--[if mso]><table width="600"><![endif]-->',
        "<style>@media (max-width: 480px) { .box { width: 100% !important } }</style><table class='a box' width='600'>",
        '<pre width="600">',
        '<hr style="border-width:500px">',
    ],
)
def test_it_fits(html):
    """What follows the screen, what a media query adapts and what only Outlook reads is no finding."""
    assert not list(too_wide(html))
