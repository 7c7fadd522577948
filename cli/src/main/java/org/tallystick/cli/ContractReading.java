package org.tallystick.cli;

import java.util.List;
import java.util.Locale;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.drafting.ContractDiff;
import org.tallystick.drafting.Flag;
import org.tallystick.drafting.Linter;
import org.tallystick.drafting.Odrl;
import org.tallystick.drafting.PrintedContract;
import org.tallystick.drafting.Reply;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.terms.ContractDocument;

/** {@code contract lint|diff|print|odrl|reply}: what a contract says, seen from different sides. */
final class ContractReading {
    private ContractReading() {}

    static ExitCode lint(Arguments arguments, Terminal terminal) {
        List<Flag> flags = Linter.lint(ContractFiles.contract(arguments.operandPath(1)));
        if (arguments.has("--json")) {
            terminal.line(Json.object()
                    .put("flags", Json.array(flags.stream().map(Flag::json).toList()))
                    .build()
                    .toString());
        } else if (flags.isEmpty()) {
            terminal.line("Nothing stands out.");
        } else {
            flags.forEach(flag -> say(terminal, flag));
        }
        boolean high = flags.stream().anyMatch(flag -> flag.severity() == Flag.Severity.HIGH);
        return high ? ExitCode.WRONG : ExitCode.OK;
    }

    private static void say(Terminal terminal, Flag flag) {
        terminal.line(String.format(
                Locale.ROOT,
                "%-6s %s (%s, hurts %s): %s",
                flag.severity(),
                flag.code(),
                flag.clause(),
                flag.hurts().words(),
                flag.why()));
        flag.mending().forEach(sentence -> terminal.line("       instead: " + sentence));
    }

    static ExitCode diff(Arguments arguments, Terminal terminal) {
        if (arguments.operands().size() != 3) {
            throw CommandFailure.usage("contract diff needs two files", "tallystick contract --help");
        }
        ContractDiff diff = ContractDiff.between(
                ContractFiles.contract(arguments.operandPath(1)), ContractFiles.contract(arguments.operandPath(2)));
        if (arguments.has("--json")) {
            terminal.line(diff.json().toString());
        } else if (diff.isEmpty()) {
            terminal.line("The same terms.");
        } else {
            diff.lines().forEach(terminal::line);
        }
        return diff.isEmpty() ? ExitCode.OK : ExitCode.WRONG;
    }

    static ExitCode print(Arguments arguments, Terminal terminal) {
        PrintedContract printed = PrintedContract.of(ContractFiles.contract(arguments.operandPath(1)));
        String format = arguments.value("--format").orElse("markdown");
        String text = switch (format) {
            case "markdown" -> printed.markdown();
            case "html" -> printed.html();
            default ->
                throw CommandFailure.usage(
                        "--format is markdown or html, not \"" + format + "\"", "tallystick contract --help");
        };
        ContractFiles.write(arguments, terminal, text);
        return ExitCode.OK;
    }

    /** Converts a contract into an ODRL policy, or a policy into a contract. */
    static ExitCode odrl(Arguments arguments, Terminal terminal) {
        Json.Obj object = ContractFiles.object(arguments.operandPath(1));
        boolean contract = object.get("@type").equals(java.util.Optional.of(Json.of("DataContract")));
        Json.Obj other = contract
                ? Odrl.write(ContractDocument.parse(object))
                : Odrl.document(object).json();
        ContractFiles.write(arguments, terminal, ContractFiles.pretty(other));
        return ExitCode.OK;
    }

    static ExitCode reply(Arguments arguments, Terminal terminal) {
        ContractDocument offer = ContractFiles.contract(arguments.operandPath(1));
        Reply reply;
        try {
            reply = Reply.of(arguments.required("--as"));
        } catch (MalformedException e) {
            throw CommandFailure.usage(e.detail(), "tallystick contract --help");
        }
        reply.letter(offer).lines().forEach(terminal::line);
        if (reply == Reply.COUNTER && arguments.has("--out")) {
            ContractDocument counter =
                    Reply.counterOffer(offer).map(draft -> draft.document()).orElse(offer);
            ContractFiles.write(arguments, terminal, ContractFiles.pretty(counter.json()));
        }
        return ExitCode.OK;
    }
}
