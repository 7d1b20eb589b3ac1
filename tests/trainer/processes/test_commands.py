"""Lines that a supervisor sends, as a training run sees them."""

from __future__ import annotations

import json
import threading
from typing import Any

from trainer.processes.commands import Commands


def test_a_pause_lets_as_many_steps_through_as_were_asked_for() -> None:
    commands = Commands()
    commands.obey("step")
    commands.obey(b"step\n")
    assert commands.is_paused
    commands.wait()
    commands.wait()
    assert commands.is_paused
    waiting = threading.Thread(target=commands.wait)
    waiting.start()
    assert waiting.is_alive()
    commands.obey("continue")
    waiting.join(timeout=10)
    assert not waiting.is_alive()
    assert not commands.is_paused


def test_what_ends_a_job_ends_its_pause() -> None:
    for word in ("stop", "cancel"):
        commands = Commands()
        commands.obey("pause")
        commands.obey(word)
        commands.wait()
        assert commands.should_stop()
        assert commands.is_cancelled is (word == "cancel")
    commands = Commands()
    commands.obey("stop")
    commands.obey("pause")  # too late
    assert not commands.is_paused


def test_other_words_go_to_who_subscribed_to_them() -> None:
    commands, heard = Commands(), []
    commands.subscribe("pins", heard.append)
    commands.obey('pins {"a": 1}\n')
    commands.obey("later 7")
    commands.subscribe("later", heard.append)
    commands.obey("nonsense")
    assert heard == ['{"a": 1}', "7"]
    assert not commands.should_stop()


def test_a_word_that_comes_while_one_subscribes_to_it_is_not_lost() -> None:
    commands = Commands()
    heard: list[str] = []

    class Lock(threading.Condition):
        def __exit__(self, *error: Any) -> None:
            super().__exit__(*error)
            if "pins" not in commands._subscribers:  # as soon as another thread may
                commands.subscribe("pins", heard.append)

    commands._changed = Lock()
    commands.obey("pins 1")
    assert heard == ["1"]


def test_a_subscriber_that_fails_does_not_keep_a_stop_from_being_heard() -> None:
    commands = Commands()
    commands.obey("pins {")
    for _ in range(1000):
        commands.obey("nonsense")
    assert len(commands._early) < 1000
    commands.subscribe("pins", json.loads)
    commands.obey("pins {")
    commands.obey("stop")
    assert commands.should_stop()
