package org.tallystick.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.drafting.Question;
import org.tallystick.drafting.Template;
import org.tallystick.drafting.Templates;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.terms.ContractDocument;

/** {@code contract new}: makes a contract from a template. */
final class ContractNew {
    private static final String VERSION = "dataset-version";

    private final ContractSigning signing;
    private final Reader input;

    /** @param input where a person answers what no flag has */
    ContractNew(ContractSigning signing, Reader input) {
        this.signing = signing;
        this.input = input;
    }

    /** Every question of every template, as an option. */
    static List<Option> options() {
        Map<String, Option> options = new TreeMap<>();
        for (Template template : Templates.all()) {
            for (Question question : template.questions()) {
                options.putIfAbsent(
                        question.name(),
                        Option.valued(
                                "--" + question.name(),
                                question.kind().word().toUpperCase(java.util.Locale.ROOT),
                                "new: " + question.ask()));
            }
        }
        return List.copyOf(options.values());
    }

    static ExitCode templates(Terminal terminal) {
        int width =
                Templates.all().stream().mapToInt(t -> t.name().length()).max().orElse(0);
        Templates.all()
                .forEach(template -> terminal.line(
                        template.name() + " ".repeat(width - template.name().length() + 2) + template.summary()));
        return ExitCode.OK;
    }

    ExitCode create(Arguments arguments, Terminal terminal) {
        String name = arguments.required("--template");
        Template template = Templates.find(name)
                .orElseThrow(() -> CommandFailure.usage(
                        "there is no template \"" + name + "\""
                                + Nearest.of(
                                                name,
                                                Templates.all().stream()
                                                        .map(Template::name)
                                                        .toList())
                                        .map(near -> "; did you mean " + near + "?")
                                        .orElse(""),
                        "tallystick contract templates"));
        Map<String, String> answers = new LinkedHashMap<>();
        for (Option option : options()) {
            arguments
                    .value(option.name())
                    .ifPresent(value -> answers.put(option.name().substring(2), value));
        }
        ask(template, answers, terminal);
        ContractDocument document;
        try {
            document = template.draft(answers).document();
        } catch (MalformedException e) {
            throw CommandFailure.usage(e.detail(), "tallystick contract new --help");
        }
        needVersion(answers);
        assumed(template, answers, terminal);
        if (arguments.has("--key") || arguments.has("--party")) {
            document = signing.signed(arguments, document);
        }
        ContractFiles.write(arguments, terminal, ContractFiles.pretty(document.json()));
        return ExitCode.OK;
    }

    /**
     * Asks on the terminal whatever no option has answered; an empty line takes the answer in brackets. Where no person is
     * there, the templates' own answers are taken, and {@link #assumed} says which.
     */
    private void ask(Template template, Map<String, String> answers, Terminal terminal) {
        if (!terminal.interactive()) {
            return;
        }
        BufferedReader reader = new BufferedReader(input);
        for (Question question : template.questions()) {
            if (!answers.containsKey(question.name())) {
                String standard = question.standard()
                        .filter(text -> !text.isEmpty())
                        .map(text -> " [" + text + "]")
                        .orElse("");
                terminal.note(question.ask() + " (" + question.kind().word() + ")" + standard + ":");
                line(reader).ifPresent(text -> answers.put(question.name(), text));
            }
        }
    }

    /** A contract about no particular version could be of any works at all. */
    private static void needVersion(Map<String, String> answers) {
        if (!answers.containsKey(VERSION)) {
            throw CommandFailure.usage(
                    "contract new needs --" + VERSION + ": the root of the version that the contract is about",
                    "find it with GET /marketplace/datasets of the platform, or ask the curator");
        }
    }

    /** What nobody said and the contract nevertheless says. */
    private static void assumed(Template template, Map<String, String> answers, Terminal terminal) {
        List<String> taken = template.questions().stream()
                .filter(question -> !answers.containsKey(question.name()))
                .filter(question ->
                        question.standard().filter(text -> !text.isEmpty()).isPresent())
                .map(question ->
                        "--" + question.name() + " " + question.standard().orElseThrow())
                .toList();
        if (!taken.isEmpty()) {
            terminal.note(
                    "Assumed: " + String.join(", ", taken) + ". tallystick contract new --help says what each is.");
        }
    }

    private static Optional<String> line(BufferedReader reader) {
        try {
            return Optional.ofNullable(reader.readLine()).map(String::strip).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            throw CommandFailure.unavailable("the answer cannot be read: " + Reasons.of(e), "", e);
        }
    }
}
