"""The `rapport` command. One file for each command in `commands/`; this one only gathers them.

Nothing heavy is imported here: the filters start as fast as Python does.
"""

import typer

from services.cli.commands import (
    accounts,
    agent,
    certs,
    chat,
    db,
    demo,
    dlq,
    down,
    export,
    filters,
    keys,
    model,
    replay,
    retention,
    status,
    topics,
    up,
    vault,
    webhooks,
)

HELP = """Rapport answers customers of call centers with emotional intelligence.

Exit codes of every command: 0 done, 1 something of it failed (said on stderr), 2 wrong use.

Begin with `rapport up`, then in other terminals `rapport chat` and `rapport agent`.
"""

app = typer.Typer(
    help=HELP,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

RUN, TALK, LOOK, FILTER = "Run the platform", "Talk", "Look inside", "Filters (no broker needed)"

app.command("up", rich_help_panel=RUN)(up.up)
app.command("down", rich_help_panel=RUN)(down.down)
app.command("status", rich_help_panel=RUN)(status.status)
app.command("certs", rich_help_panel=RUN)(certs.certs)
app.command("demo", rich_help_panel=RUN)(demo.demo)
app.command("chat", rich_help_panel=TALK)(chat.chat)
app.command("agent", rich_help_panel=TALK)(agent.agent)
app.command("replay", rich_help_panel=TALK)(replay.replay)
app.add_typer(topics.app, name="topics", rich_help_panel=LOOK)
app.add_typer(dlq.app, name="dlq", rich_help_panel=LOOK)
app.add_typer(db.app, name="db", rich_help_panel=LOOK)
app.command("retention", rich_help_panel=LOOK)(retention.retention)
app.command("export", rich_help_panel=LOOK)(export.export)
app.add_typer(accounts.app, name="accounts", rich_help_panel=LOOK)
app.add_typer(keys.app, name="keys", rich_help_panel=LOOK)
app.add_typer(vault.app, name="vault", rich_help_panel=LOOK)
app.add_typer(webhooks.app, name="webhooks", rich_help_panel=LOOK)
app.add_typer(model.app, name="model", rich_help_panel=LOOK)
app.command("score", rich_help_panel=FILTER)(filters.score)
app.command("redact", rich_help_panel=FILTER)(filters.redact)
app.command("reply", rich_help_panel=FILTER)(filters.reply)


def main() -> None:
    """Entry point of the `rapport` script."""
    app()


if __name__ == "__main__":
    main()
