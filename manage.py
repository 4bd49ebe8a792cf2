#!/usr/bin/env python
"""The door to every management command."""

import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings.embedded")
    from django.core.management import execute_from_command_line  # after the settings are named

    execute_from_command_line(sys.argv)
