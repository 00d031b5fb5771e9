"""What the programs say and we leave, each with its reason; the HTML checker's own list stands in html_checker.py.

Apart from looking.py, so that a reason added here asks for no second walk: what was set aside is kept with the rest, and left out when it
is read.
"""

from __future__ import annotations

COLOUR_RULES = ("color-contrast", "color-contrast-enhanced", "link-in-text-block")

NOT_FOR_AXE = {
    "hidden-content": "says only that something is hidden; each hidden part has a state of its own in which it is shown and looked at",
}
A_BUTTON_ALONE = '<p class="act-in">'
"""A paragraph that holds one button and nothing else, which axe cannot tell from a heading in disguise (p-as-heading)."""
TWO_MESSAGES_ALIKE = ('<a class="r" href="/my-data/wrong/', '<a class="r" href="/claims/')
"""Two messages of one minute read the same to everybody, and open each its own case: what is ambiguous to all, WCAG 2.4.9 excepts."""
ONLY_A_SIGN = "Element content contains only non-text characters"
"""A tick or an empty box, hidden from the tree, with words beside it that say the same."""

BY_LESS_THAN_A_PIXEL = "it partially overlaps other elements"
"""A line of letters that reaches over its own box by a fraction: what is more than that, checks.js finds as text over the edge."""

NOT_FOR_THE_SNIFFER = {
    "Guideline1_3.1_3_1.H42": "a bold first line of a notice is its lead, no heading of a part; the order of headings is axe's",
    "Guideline1_3.1_3_1.H48": "a telephone number and a link or two below a text are no navigation; the menu is a list",
    "Guideline1_3.1_3_1.H85.2": "provinces stand by name, as people look them up; regions would be one thing more to know",
    "Guideline1_3.1_3_1.H39.3.NoCaption": "a table that is named by the heading above it (aria-labelledby) need not be named twice",
    "Guideline1_3.1_3_5.H98": "it is of 2020 and does not know `one-time-code`, which the standard has; axe checks autocomplete too",
    "Guideline1_4.1_4_6.G17.Abs": "contrast of text that is placed absolutely, which it cannot work out; axe measures the same",
    "Guideline1_4.1_4_6.G18.Abs": "the same, for large text",
}


def is_set_aside(program: str, rule: str, words: str, html: str) -> bool:
    """Of colours, what axe cannot judge: signs, and letters in pictures, whose colours are pairs that tests/house/test_css.py keeps AAA."""
    if program == "sniffer":
        return any(part in rule for part in NOT_FOR_THE_SNIFFER)
    if program == "axe" and rule in COLOUR_RULES:
        return html.startswith("<text") or words.startswith(ONLY_A_SIGN) or BY_LESS_THAN_A_PIXEL in words
    if program == "axe" and rule == "p-as-heading":
        return html.startswith(A_BUTTON_ALONE)
    if program == "axe" and rule == "identical-links-same-purpose":
        return html.startswith(TWO_MESSAGES_ALIKE)
    return program == "axe" and rule in NOT_FOR_AXE
