"""Looks for secrets in the files that are committed: `python -m tools.secrets`; exit status 1 where there is one."""

import re
import subprocess
import sys
from pathlib import Path

PATTERNS = {
    "private key": rb"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----",
    "Hugging Face token": rb"\bhf_[A-Za-z0-9]{30,}",
    "GitHub token": rb"\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})",
    "AWS key": rb"\bAKIA[0-9A-Z]{16}\b",
    "Google key": rb"\bAIza[0-9A-Za-z_-]{35}",
    "Slack token": rb"\bxox[abprs]-[0-9A-Za-z-]{10,}",
    "password in an address": rb"\bhttps?://[^\s/:@'\"{}]+:[^\s/:@'\"{}]+@",
    "assigned secret": rb"(?i)\b(?:password|passwd|secret|api_?key|token)\s*[:=]\s*[\"'][A-Za-z0-9+/_-]{16,}[\"']",
}
"""What it is to what it looks like."""


def found(content: bytes) -> list[str]:
    """Kinds of secrets in a file."""
    return [kind for kind, pattern in PATTERNS.items() if re.search(pattern, content)]


def main() -> int:
    """Exit status."""
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, check=True).stdout
    files = [Path(name.decode()) for name in listed.split(b"\0") if name]
    hits = [f"{path}: {kind}" for path in files if path.is_file() for kind in found(path.read_bytes())]
    print("\n".join(hits) or f"no secrets in {len(files)} files")
    return bool(hits)


if __name__ == "__main__":
    sys.exit(main())
