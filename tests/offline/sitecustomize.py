"""Python reads this file as it starts, in every process that a test starts: they are guarded too."""

import netguard

netguard.install()
