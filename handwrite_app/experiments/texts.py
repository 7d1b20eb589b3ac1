"""What the experiments say, by their names in trainer.runs.experiments. Plain data, without widgets."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication


def _noop(text: str) -> str:
    """Marks a text of this table for translation; `translated` looks it up where it is shown."""
    return text


class Guide(NamedTuple):
    """title, question: above. steps: what to do, one after the other. look: what to look at. why: the
    explanation, to be read afterwards."""

    title: str
    question: str
    steps: tuple[str, ...]
    look: tuple[str, ...]
    why: str


GUIDES: dict[str, Guide] = {
    "overfitting": Guide(
        title=_noop("Learning by heart"),
        question=_noop(
            "What does a network learn from 1,000 pictures when it sees them again and again?"
        ),
        steps=(
            _noop("Start the first run and watch both curves."),
            _noop("Start the second run: it sees ten times the pictures, each less often."),
        ),
        look=(
            _noop("The training line reaches 100 %, the validation line stays below it."),
            _noop("The validation loss rises again although the training loss goes on falling."),
            _noop("On the page “Watch”: which pictures of the wall stay wrong?"),
        ),
        why=_noop(
            "The network remembers its 1,000 pictures instead of what digits have in common. That is called "
            "overfitting. It shows only in pictures that were kept out of training: this is what validation "
            "pictures are for. More pictures help, and so does stopping early."
        ),
    ),
    "augmentation": Guide(
        title=_noop("A turned 7"),
        question=_noop("Can a network read what it has never seen turned?"),
        steps=(
            _noop("Start the first run, which sees upright digits only."),
            _noop(
                "Draw a 7 as if the paper were turned by about 40°, and pin it on the page “Watch”."
            ),
            _noop("Start the second run, which sees each digit turned in many ways."),
        ),
        look=(
            _noop("The line of your pinned 7 in the first run and in the second."),
            _noop("The training accuracy of the second run is lower, its network is not worse."),
            _noop(
                "With Model ▸ Break it: turn the input by 30°. How many of the sixty are still right with "
                "each network?"
            ),
        ),
        why=_noop(
            "A network knows only what its pictures show. Turning and shifting them while it learns "
            "(augmentation) makes many pictures out of each, at no cost but time. It must fit the task: "
            "turned by 180°, a 6 is a 9."
        ),
    ),
    "german-one": Guide(
        title=_noop("The German 1"),
        question=_noop("Why do many networks read a 1 with a long upstroke as a 7?"),
        steps=(
            _noop("Start the first run: it learns from MNIST, whose writers were Americans."),
            _noop(
                "Draw a 1 with a long upstroke that begins far to the left, at half its height, as many "
                "Germans write it. Pin it."
            ),
            _noop(
                "Start the second run: it also learns from digits as other countries write them."
            ),
        ),
        look=(
            _noop("The line of your pinned 1: what does each network make of it?"),
            _noop(
                "Draw a 7 with a bar through it as well: some writers of MNIST made it so, and both networks "
                "read it."
            ),
            _noop("In the report: the cell of row 1 and column 7 opens the pictures behind it."),
        ),
        why=_noop(
            "Both networks can be equally good on MNIST's own pictures. A good result says something only "
            "about handwriting like that in the data. Whoever is missing there is read worse, which nobody "
            "notices until it is tested with their writing."
        ),
    ),
    "softmax": Guide(
        title=_noop("Softmax twice"),
        question=_noop("What does a mistake cost that raises no error?"),
        steps=(
            _noop("Start the first run: softmax is applied once, by the loss."),
            _noop(
                "Start the second run: the network applies softmax too, as in several tutorials. Nothing "
                "else differs."
            ),
        ),
        look=(
            _noop("The second training loss falls slowly, and can never fall below 1.46."),
            _noop(
                "Its validation loss, which is measured with softmax once, rises: the network is far too "
                "sure of its mistakes."
            ),
            _noop("The second accuracy rises late, or not at all."),
            _noop("On the page “Watch”: after how many steps does the wall turn right?"),
        ),
        why=_noop(
            "PyTorch's cross-entropy applies softmax itself. Applied before as well, it presses all outputs "
            "between 0 and 1: the differences become small, the gradients too, and learning slows down. With "
            "a cleverer optimizer the same mistake may stay hidden, and costs only some accuracy."
        ),
    ),
    "size": Guide(
        title=_noop("Small against large"),
        question=_noop("Is a network with more weights a better one?"),
        steps=(
            _noop("Start the small network and write down its pictures a second."),
            _noop("Start the large one on the same pictures."),
        ),
        look=(
            _noop("Accuracy, time, and number of weights in the table below."),
            _noop(
                "With Model ▸ Break it: keep 4 bits of each weight. Which one bears it better? With 2 bits "
                "neither does."
            ),
            _noop("With Model ▸ Compare two networks: do you notice a difference as you draw?"),
        ),
        why=_noop(
            "How the weights are arranged matters more than how many there are. The small network sees the "
            "whole picture at once by gaps in its filters; the large one needs many weights for that in its "
            "last layers. Small networks run on small devices and cost less energy."
        ),
    ),
}


def translated(text: str) -> str:
    """A text of this table, or of a variant, in the window's language."""
    return QCoreApplication.translate("Experiments", text)


def _variants() -> tuple[str, ...]:
    """Titles and glosses of trainer.runs.experiments, marked for translation; a test holds them equal."""
    return (
        _noop("1,000 pictures, 25 times"),
        _noop("so few that the network can learn them by heart"),
        _noop("10,000 pictures, 5 times"),
        _noop("twice the work, ten times the pictures"),
        _noop("Pictures as they are"),
        _noop("upright digits, always in the same place"),
        _noop("Pictures turned a little"),
        _noop("each time it is met, a digit is turned, sheared and shifted another way"),
        _noop("MNIST alone"),
        _noop("American digits: a 1 is one stroke"),
        _noop("MNIST, and drawn strokes"),
        _noop("the program draws digits as other countries write them, too"),
        _noop("Softmax once"),
        _noop("the loss applies softmax to the network's outputs, as it should"),
        _noop("Softmax twice"),
        _noop("the mistake: the network applies softmax, and the loss applies it again"),
        _noop("Small: dsdcnn"),
        _noop("separable convolutions: few weights that see the whole picture"),
        _noop("Large: vgg-small"),
        _noop("many weights in plain layers"),
    )


VARIANT_TEXTS = _variants()
