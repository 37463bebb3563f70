"""Has other people's checkers judge X12 files: pyx12 every interchange, oxedi every 835, its balance included.

Usage: python check_x12.py FILE...
Prints a line for each fault and ends with 1 if there is any, else says how many files passed.
"""

import io
import json
import logging
import re
import sys
from typing import Iterator, NamedTuple

import oxedi
import pyx12.params
import pyx12.x12n_document


class Fault(NamedTuple):
    """What a checker found."""

    checker: str
    set_id: str
    # Such as "seg 7 NM1-09": number in its set, name, element.
    place: str
    words: str


class KnownFault(NamedTuple):
    """A fault of the checker itself, and why it is one. The three are regular expressions for the whole text."""

    checker: str
    set_id: str
    place: str
    words: str
    reason: str


KNOWN_FAULTS = [
    KnownFault(
        "pyx12",
        "835",
        r"seg \d+ PLB",
        r"Loop FOOTER exceeded max count.*",
        "PLB may stand any number of times, as pyx12's own map says; but the map wraps it in a loop that may not repeat.",
    ),
    KnownFault(
        "pyx12",
        "277",
        r"seg \d+ STC-02",
        r"Mandatory data element .* \(STC02\) is missing.*",
        "The STC of a rejected line (277CA 2220D) has no date (X12 interpretation 2203, stupidedi); pyx12's map asks for one.",
    ),
]


def pyx12_faults(path: str) -> Iterator[Fault]:
    """Syntax and the implementation guide, segment by segment."""
    params = pyx12.params.ParamsBase()
    # Its list of remarks ends at N734 and that of claim statuses at 771: a newer code is no fault.
    params.set("exclude_external_codes", "remark_code,claim_status")
    report = io.StringIO()
    with open(path, encoding="ascii") as source:
        valid = pyx12.x12n_document.x12n_document(params, source, None, None, fd_json=report)
    found = list(faults_in_report(json.loads(report.getvalue())))
    yield from found
    if not valid and not found:
        yield Fault("pyx12", "", "file", "refused without a word")


def faults_in_report(report: dict) -> Iterator[Fault]:
    """Flattens pyx12's tree of interchanges, groups, sets, segments and elements."""

    def told(set_id: str, place: str, errors: list) -> Iterator[Fault]:
        for error in errors:
            yield Fault("pyx12", set_id, place, f"{error['err_str']} ({error['err_cde']})")

    for interchange in report["interchanges"]:
        yield from told("", "ISA", interchange["errors"])
        for group in interchange["groups"]:
            yield from told("", "GS", group["errors"])
            for transaction in group["transactions"]:
                set_id = transaction["trn_set_id"]
                yield from told(set_id, "ST", transaction["errors"])
                for segment in transaction["segments"]:
                    place = f"seg {segment['seg_count']} {segment['seg_id']}"
                    yield from told(set_id, place, segment["errors"])
                    for element in segment["elements"]:
                        yield from told(set_id, f"{place}-{element['ele_pos']:0>2}", element["errors"])


def oxedi_faults(path: str) -> Iterator[Fault]:
    """An 835's own rules: loops, elements, and at level 3 that lines, claims and the whole balance."""
    for found in oxedi.parse_file(path).diagnostics:
        place = f"seg {found.segment}" + (f"-{found.element:02}" if found.element else "")
        yield Fault("oxedi", "835", place, f"{found.rule} (level {found.level} {found.kind})")


def faults_of(path: str) -> Iterator[Fault]:
    """Every fault of a file but the checkers' own."""
    found = list(pyx12_faults(path))
    with open(path, encoding="ascii") as source:
        # HP is the functional group of the 835.
        if re.search(r"[~\n]GS.HP", source.read()):
            found.extend(oxedi_faults(path))
    for fault in found:
        if not any(all(map(re.fullmatch, known[:4], fault)) for known in KNOWN_FAULTS):
            yield fault


def main(paths: list[str]) -> int:
    logging.getLogger("pyx12").setLevel(logging.CRITICAL)
    faulty = 0
    for path in paths:
        found = list(faults_of(path))
        faulty += bool(found)
        for fault in found:
            print(f"{path}: {fault.set_id} {fault.place}: {fault.checker}: {fault.words}")
    if faulty:
        print(f"{faulty} of {len(paths)} files are faulty")
        return 1
    print(f"{len(paths)} files passed")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
