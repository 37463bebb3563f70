"""Has linuxforhealth-x12 judge eligibility and claim status: 270, 271, 276, 277 (005010X279A1, 005010X212).

Usage: python check_inquiries.py FILE...
Prints a line for each file that is refused and ends with 1 if there is any, else says how many sets of which kind passed.
"""

import collections
import re
import sys

from linuxforhealth.x12.io import X12ModelReader
from linuxforhealth.x12.v5010.x12_270_005010X279A1.transaction_set import EligibilityInquiry
from linuxforhealth.x12.v5010.x12_271_005010X279A1.transaction_set import EligibilityBenefit

# Its rule on levels takes a second patient below one receiver for a fault: it asks that each subscriber be the child of
# the one before. `levels_hold` asks what is right instead.
for model in (EligibilityInquiry, EligibilityBenefit):
    rules = model.__post_root_validators__
    model.__post_root_validators__ = [rule for rule in rules if rule[1].__name__ != "validate_hierarchy_ids"]
# Which level each may stand below.
ABOVE = {"20": "", "21": "20", "19": "21", "22": "21 19", "23": "22"}

# It holds the AAA of the subscriber and of the dependent against the list of the information receiver, which lacks the
# reasons that speak of patients. This script holds them against their own list, and shows it a reason that both have.
PATIENT_REASONS = set("15 35 42 43 45 47 48 49 51 52 56 57 58 60 61 62 63 71 72 73 74 75 76 78".split())
DEPENDENT_REASONS = PATIENT_REASONS - set("72 73 74 75 76 78".split()) | set("64 65 66 67 68 69 77".split())
IN_BOTH_LISTS = "15"
# 271 sets that its list of service types refuses: these codes of the 270's list are misspelt there.
MISSPELT = set("95 A0 A8 CI CJ".split())


# EB09; it takes the code for a number, and a quantity of 0 for none.
QUANTITIES = set("8H 99 CA CE D3 D8 DB DY HS LA LE M2 MN P6 QA S7 S8 VS YY".split())
A_NUMBER = "99"


class Refused(Exception):
    """What is wrong, in words."""


def levels_hold(levels: list[list[str]]) -> None:
    """Levels are numbered from 1, each stands below the last one that may be above it, and HL04 tells the truth."""
    path: list[list[str]] = []
    for number, level in enumerate(levels, 1):
        while path and path[-1][3] not in ABOVE[level[3]].split():
            path.pop()
        above = path[-1][1] if path else ""
        if level[1] != str(number) or level[2] != above:
            raise Refused(f"HL {level[1]} below {level[2]!r} should be {number} below {above!r}")
        path.append(level)
        following = levels[number][2] == level[1] if number < len(levels) else False
        if len(level) > 4 and (level[4] == "1") != following:
            raise Refused(f"HL {level[1]} says {level[4]} of the levels below it")


def show_benefit(fields: list[str]) -> None:
    """Makes of an EB what the checker can read, after asking what it cannot."""
    fields.extend([""] * (14 - len(fields)))
    service_type, quantity, procedure = fields[3], fields[9:11], fields[13]
    if quantity[0] and (quantity[0] not in QUANTITIES or not quantity[1].isdigit()):
        raise Refused(f"EB09 and EB10 are {quantity}")
    fields[9:11] = [A_NUMBER, A_NUMBER] if quantity[0] else ["", ""]
    # It cannot read an empty EB03 with anything behind it.
    if service_type in MISSPELT or (not service_type and procedure):
        fields[3] = "30"
    while not fields[-1]:
        fields.pop()


def one_line_a_claim(segments: list[str], element: str) -> list[str]:
    """The checker reads a claim's second line as part of its first: each further one is shown as a claim of its own."""
    shown: list[str] = []
    claim: list[str] = []
    lines, added = 0, 0
    for segment in segments:
        fields = segment.strip().split(element)
        if fields[0] == "ST":
            start, added = len(shown), 0
        elif fields[0] == "SE":
            count = len(shown) - start + 1 - added
            if fields[1] != str(count):
                raise Refused(f"SE01 is {fields[1]}, but {count} segments came")
            segment = element.join(["SE", str(count + added), *fields[2:]])
        elif fields[0] == "TRN":
            claim, lines = [segment], 0
        elif fields[0] == "STC" and lines == 0:
            claim.append(segment)
        elif fields[0] == "SVC":
            lines += 1
            if lines > 1:
                shown.extend(claim)
                added += len(claim)
        shown.append(segment)
    return shown


def prepared(text: str) -> str:
    """The file with what the checker itself gets wrong taken out of its sight, each held against the right rule first."""
    element, terminator = text[3], text[105]
    segments = text.split(terminator)
    level, in_benefit, levels = "", False, []
    for at, segment in enumerate(segments):
        fields = segment.strip().split(element)
        if fields[0] == "HL":
            level, in_benefit = fields[3], False
            levels.append(fields)
        elif fields[0] == "SE":
            levels_hold(levels)
            levels = []
        elif fields[0] == "EB":
            in_benefit = True
            show_benefit(fields)
        elif fields[0] == "AAA" and level in ("22", "23") and not in_benefit:
            allowed = PATIENT_REASONS if level == "22" else DEPENDENT_REASONS
            if fields[3] not in allowed:
                raise Refused(f"AAA03 {fields[3]} is none of level {level}")
            fields[3] = IN_BOTH_LISTS
        else:
            continue
        segments[at] = re.match(r"\s*", segment).group() + element.join(fields)
    if re.search(r"ST.27[67]", text):
        segments = one_line_a_claim(segments, element)
    return terminator.join(segments)


def sets_of(path: str) -> list[str]:
    """The kinds of the sets that the file holds; anything else is an exception."""
    with open(path, encoding="ascii") as source:
        text = source.read()
    kinds = re.findall(r"(?:^|[~\n])ST\*(\d{3})", text)
    with X12ModelReader(prepared(text)) as reader:
        models = list(reader.models())
    if len(models) != len(kinds):
        raise Refused(f"{len(kinds)} sets, of which {len(models)} were read")
    return kinds


def main(paths: list[str]) -> int:
    passed: collections.Counter = collections.Counter()
    faulty = 0
    for path in paths:
        try:
            passed.update(sets_of(path))
        # Whatever it raises is its way to refuse.
        except Exception as error:  # noqa: BLE001
            faulty += 1
            print(f"{path}: {type(error).__name__}: {error}")
    if faulty:
        print(f"{faulty} of {len(paths)} files are refused")
        return 1
    kinds = ", ".join(f"{count} of {kind}" for kind, count in sorted(passed.items()))
    print(f"{len(paths)} files passed: {kinds}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
