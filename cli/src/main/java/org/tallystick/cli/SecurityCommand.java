package org.tallystick.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Table;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.protocol.codec.Times;
import org.tallystick.sdk.PageOf;
import org.tallystick.sdk.SecurityEvent;

/** {@code tallystick security}: what happened at a platform's door and to keys, for its operator. */
final class SecurityCommand {
    private static final String HELP = "tallystick security --help";
    private static final String MOST = "200";

    private SecurityCommand() {}

    static Command command() {
        return new Command(
                "security",
                "",
                0,
                0,
                "show wrong and revoked keys, refusals of the policy, and what was done with keys (operator)",
                List.of(
                        "The newest first; what is alike within an hour is one line with a count. Each kind of event"
                                + " keeps its",
                        "newest 2 000 lines. No secret is in it."),
                List.of(
                        PlatformAccess.PLATFORM,
                        Option.valued("--key-file", "FILE", "the operator's API key"),
                        Option.valued("--kind", "KIND", "only these, for example wrong-key"),
                        Option.valued("--party", "ID", "only what concerns that party"),
                        Option.flag("--json", "as JSON lines")),
                SecurityCommand::run);
    }

    private static ExitCode run(Arguments arguments, Terminal terminal) {
        PlatformAccess access = new PlatformAccess(arguments, terminal);
        Map<String, String> filter = new HashMap<>(Map.of("limit", MOST));
        arguments.value("--kind").ifPresent(kind -> filter.put("kind", kind));
        arguments.value("--party").ifPresent(party -> filter.put("party", party));
        PageOf<SecurityEvent> page =
                access.asking(HELP, () -> access.holder().registry().securityEvents(filter));
        if (arguments.has("--json")) {
            page.items().forEach(event -> terminal.line(event.json().toString()));
            return ExitCode.OK;
        }
        Table table = new Table("last", "times", "kind", "party", "about", "from");
        page.items()
                .forEach(event -> table.row(
                        Times.text(event.last()),
                        Long.toString(event.times()),
                        event.kind(),
                        event.party(),
                        event.about(),
                        event.address()));
        table.lines().forEach(terminal::line);
        return ExitCode.OK;
    }
}
