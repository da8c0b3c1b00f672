"""Scan rendered trees with checkov, each on its own, in one process: loading checkov takes longer than a scan.

    policy.py TREE...

Prints JSON: for each tree what failed ([check, resource, file, what it asks]) and which resources were looked at
([resource, file]). Trees are not scanned together, because a NetworkPolicy of one would excuse the pods of another.
"""

import json
import os
import sys

os.environ.setdefault("LOG_LEVEL", "ERROR")

from checkov.kubernetes.runner import Runner  # noqa: E402
from checkov.runner_filter import RunnerFilter  # noqa: E402


def scan(tree):
    report = Runner().run(root_folder=tree, runner_filter=RunnerFilter(framework=["kubernetes"]))
    # A manifest may ask for a check to be skipped; ours explain themselves in the allow-list alone.
    faults = report.failed_checks + report.skipped_checks
    seen = {(record.resource, record.file_path) for record in report.passed_checks + faults}
    failed = {(record.check_id, record.resource, record.file_path, record.check_name) for record in faults}
    return {"tree": tree, "failed": sorted(failed), "seen": sorted(seen), "unparsed": sorted(report.parsing_errors)}


json.dump([scan(tree) for tree in sys.argv[1:]], sys.stdout)
