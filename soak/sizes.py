"""How long the soak set takes; smaller by the environment, to try it."""

import os

KILLS = int(os.environ.get("SOAK_KILLS", "30"))
"""Of each quick command; slow ones get `SLOW_KILLS`."""
SLOW_KILLS = max(1, KILLS // 5)
"""Of what imports TensorFlow for seconds before it does anything."""
FRAMES = int(os.environ.get("SOAK_FRAMES", "100000"))
"""That one count_video watches."""
IMAGES = int(os.environ.get("SOAK_IMAGES", "10000"))
"""That one detect_images looks at."""
API_MODULES = os.environ.get("SOAK_API_MODULES", "").split()
"""Test modules of the Object Detection API; all if unset."""
SEED = int(os.environ.get("SOAK_SEED", "1"))
"""Of the moments to kill at."""
