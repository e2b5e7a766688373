"""One file for each command of `rapport`; `services.cli.app` puts them together."""
