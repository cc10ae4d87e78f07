"""Checks of our own for schemathesis: no private value in a refusal, and no state changed by one.

COUNTERSIGN_STATE is an address that answers with what changed in the tables so far; COUNTERSIGN_PRIVATE is a file with the demo's
numbers and names, which no refusal may say.
"""

import json
import os
import re
import urllib.request

import schemathesis

with open(os.environ["COUNTERSIGN_PRIVATE"], encoding="utf-8") as file:
    PRIVATE = json.load(file)
NUMBERS = frozenset(PRIVATE["numbers"])
NAMES = tuple(PRIVATE["names"])
STATE = os.environ["COUNTERSIGN_STATE"]


def changes() -> str:
    with urllib.request.urlopen(STATE, timeout=30) as answer:
        return answer.read().decode()


@schemathesis.check
def refusal_says_nothing_private(ctx, response, case):
    if response.status_code < 400:
        return
    for run in re.findall(r"[0-9]{9,}", re.sub(r"[ -]", "", response.text)):
        if any(run[at : at + 9] in NUMBERS for at in range(len(run) - 8)):
            raise AssertionError("a refusal says a customer's number")
    for name in NAMES:
        if name in response.text:
            raise AssertionError("a refusal says a customer's name")


before = {"changes": ""}


@schemathesis.hook
def before_call(ctx, case, kwargs):
    before["changes"] = changes()


@schemathesis.check
def refusal_changes_nothing(ctx, response, case):
    was = before["changes"]
    if response.status_code >= 400 and changes() != was:
        raise AssertionError(f"a refused request changed: {changes()} was {was}")
