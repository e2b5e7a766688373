"""What the automatic agent says."""

from rapport.v1 import common_pb2
from services.cli.stand_in import fitting_line


def test_a_line_fits_what_was_said() -> None:
    angry = common_pb2.CARE_STATE_ANGRY
    assert "tell it twice" in fitting_line("This is a joke", angry, 0)
    assert "?" not in fitting_line("When will it come?", angry, 1)
    assert fitting_line("ok thanks a lot", angry, 3) != fitting_line("ok thanks a lot", angry, 4)
