"""Everything here needs what `make test-diffusers` installs; without it, nothing is even imported."""

from tests.conftest import DIFFUSERS

collect_ignore_glob = [] if DIFFUSERS else ["test_*.py"]
