"""The fixed sentences. Each tells what to do next."""

from __future__ import annotations

from bot.forms import Form
from bot.html import clip, escape
from bot.messages.message import Message, plural

HELP = (
    "I bring you Creathon's challenges and their verdicts.\n\n"
    "/challenges - what there is; add a category or a difficulty: /challenges beginner\n"
    "/challenge 7 - open number 7 and answer it here\n"
    "/tracks - challenges in an order, and how far you are\n"
    "/progress - your points and what you have solved\n"
    "/leaderboard - who leads\n"
    "/cancel - leave the open challenge\n"
    "/unlink - disconnect this chat from your account\n\n"
    "Open a challenge, then answer: tap an option, send a message, or send your program as a file or a "
    "code block. Longer questions I ask step by step. I edit “Grading…” into the verdict. What you submit on the "
    "web page is told here too."
)
COMMANDS = (
    ("challenges", "List the challenges"),
    ("challenge", "Open a challenge by its number"),
    ("tracks", "Challenges in an order, and how far you are"),
    ("progress", "Your points and what you have solved"),
    ("leaderboard", "Who leads"),
    ("cancel", "Leave the open challenge"),
    ("help", "How this works"),
    ("unlink", "Disconnect this chat from your account"),
)
HOW_TO_LINK = (
    "👋 I am Creathon's bot. First connect this chat with your account: log in on the web page and choose "
    "“Connect Telegram” (for programs: <code>POST /api/telegram/link</code>). It gives you a link that opens "
    "this chat; tap Start. The link works once, for 10 minutes."
)
PRIVATE_ONLY = "I work in private chats only. Open a chat with me and send /start there."
NOT_LINKED_ANY_MORE = "👋 Disconnected. Your account, points and progress stay. To come back, send /start."
NO_SUCH_CODE = "This is not a link that the web page made. Make a new one there."
TOO_MUCH = (
    "🐢 That was too much at once: I have skipped some of your messages. Wait a moment and send them again."
)
NOTHING_OPEN = "No challenge is open. Pick one first: /challenges"
WHICH_CHALLENGE = "Which one? Send its number, as in /challenge 7, or pick from the list: /challenges"
ON_THE_WEB = "🌐 This kind of challenge is answered on the web page. Others: /challenges"
OLD_BUTTON = "This button is out of date. Send /challenges."
CHANGED = "This challenge was changed meanwhile. Here it is again:"
SELECT_FIRST = "Select at least one option first."
ANSWERED = "You have sent this answer. Try again with /challenge and its number."
USE_BUTTONS = "👆 This question is answered by its buttons. Here it is again:"
FROM_THE_START = "We begin with the first question:"
TOO_LATE = "That question is past; see the last message."
TEXT_IN_PIECES = (
    "✋ Telegram cuts messages at 4096 characters, so your text would arrive in pieces. Nothing was counted. "
    "Send it as a text file (.txt)."
)
NO_DRAFT = "I do not have your program any more. Please send it again."
WHAT_IS_THIS = "I understand text, program files and the buttons. What I can do: /help"
UNKNOWN_COMMAND = "I do not know this command. What I can do: /help"

FORMATTED = (
    "✋ Telegram turned some of your code into formatting (such as __bold__) and took those characters away. "
    "Nothing was counted. Send it as a file, or as a code block: three backticks before and after it."
)
CUT_IN_PIECES = (
    "✋ Telegram cuts messages at 4096 characters, so your program would arrive in pieces. Nothing was counted. "
    "Send it as a file."
)
NOT_TEXT = "✋ This is not text: it holds characters that cannot be stored. Nothing was counted."
NOT_UTF8 = "✋ I cannot read this file: save it as UTF-8 text and send it again. Nothing was counted."
EMPTY_FILE = "✋ This file is empty. Nothing was counted."
NO_FILES_HERE = "✋ This challenge is not answered with a file. Nothing was counted."


def not_by_message(form: Form, challenge_id: int) -> str:
    """A message while a challenge is open that no message answers."""
    if form is Form.BUTTONS:
        return f"👆 Use the buttons under the question. To see it again: /challenge {challenge_id}"
    return ON_THE_WEB


def too_big(limit_kb: int) -> str:
    """A file over the limit."""
    return f"✋ This file is too big: a program has at most {limit_kb} KB. Nothing was counted."


def linked(name: str) -> Message:
    """The chat belongs to an account now."""
    return Message(
        f"🎉 Connected. Hello {clip(name, 64)}! Verdicts arrive here from now on.\n"
        "Start with /challenges, or see /help."
    )


def linked_already(name: str) -> Message:
    """`/start` in a chat that is linked."""
    return Message(
        f"👋 Hello {clip(name, 64)}, this chat is connected with your account.\nSee /challenges, or /help."
    )


def cancelled(title: str | None) -> str:
    """`/cancel`."""
    return f"Left <b>{clip(title, 200)}</b>." if title else "No challenge is open."


def which_language(count: int) -> str:
    """Asked when neither a file name nor a code block tells."""
    return f"In which language is your program? ({plural(count, 'line')})"


def wrong_language(found: str, allowed: str) -> str:
    """A file or a code block in a language that the challenge does not take."""
    return f"✋ This challenge takes no {escape(found)}. Languages: {escape(allowed)}. Nothing was counted."
