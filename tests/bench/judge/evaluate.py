"""Judges the three filters on hand-written sets that none of them was made with.

    python -m tests.bench.judge.evaluate [score] [redact] [reply] [--json FILE] [--show 15]

The sets in this folder stay out of training, rules and tests: an error found here is mended as a
class, in the data or the rules, never by adding its text. Ends with 0 when every bar is reached,
1 when one is not, 2 when a filter could not be judged.
"""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console

from tests.bench.judge.filters import FilterFailed
from tests.bench.judge.redact_judge import judge_redact
from tests.bench.judge.reply_judge import judge_reply
from tests.bench.judge.score_judge import judge_score

Judge = Callable[[Console, int], tuple[dict[str, Any], bool]]
JUDGES: dict[str, Judge] = {"score": judge_score, "redact": judge_redact, "reply": judge_reply}


def main() -> int:
    parser = argparse.ArgumentParser(description="Judge the filters on hand-written sets.")
    parser.add_argument("filters", nargs="*", choices=[[], *JUDGES], metavar="score|redact|reply")
    parser.add_argument("--json", type=Path, help="also write the figures to this file")
    parser.add_argument("--show", type=int, default=0, help="print this many worst misreadings")
    options = parser.parse_args()
    console = Console()
    figures: dict[str, Any] = {}
    code = 0
    for name in options.filters or JUDGES:
        console.rule(f"rapport {name}")
        try:
            figures[name], reached = JUDGES[name](console, options.show)
        except FilterFailed as failure:
            console.print(str(failure), style="red", markup=False)
            figures[name] = {"error": str(failure)}
            code = 2
            continue
        console.print("every bar reached" if reached else "below the bar", style="bold")
        if not reached:
            code = max(code, 1)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
