package org.tallystick.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;

/** The front door: words in, lines and exit code out. */
final class MainTest {
    private final CapturedTerminal captured = new CapturedTerminal();
    private final List<Arguments> seen = new ArrayList<>();

    private ExitCode run(String... words) {
        Command paint = new Command(
                "paint",
                "WALL",
                1,
                2,
                "paint a wall",
                List.of("One wall, or a wall and a door."),
                List.of(Option.valued("--colour", "NAME", "which colour"), Option.flag("--twice", "two coats")),
                (arguments, terminal) -> {
                    seen.add(arguments);
                    return switch (arguments.operands().getFirst()) {
                        case "wet" -> throw CommandFailure.wrong("the wall is wet", "wait a day");
                        case "gone" -> throw new IllegalStateException("no wall");
                        default -> ExitCode.OK;
                    };
                });
        return new Main(List.of(paint), captured.terminal()).run(List.of(words));
    }

    @Test
    void readsOptionsAndOperandsInAnyOrder() {
        assertThat(run("paint", "--colour=red", "north", "--twice")).isEqualTo(ExitCode.OK);
        assertThat(run("paint", "north", "--colour", "red", "--", "--twice")).isEqualTo(ExitCode.OK);
        assertThat(seen.get(0).value("--colour")).contains("red");
        assertThat(seen.get(0).has("--twice")).isTrue();
        assertThat(seen.get(1).operands()).containsExactly("north", "--twice");
        assertThat(seen.get(1).has("--twice")).isFalse();
    }

    @Test
    void eachMisuseNamesTheWordAndTheNextStep() {
        assertMisuse("paint needs WALL", "paint");
        assertMisuse("\"west\" is one word too many", "paint", "north", "east", "west");
        assertMisuse("--color is not an option of paint; did you mean --colour?", "paint", "x", "--color", "red");
        assertMisuse("--colour needs a value: --colour NAME", "paint", "north", "--colour");
        assertMisuse("--colour is given twice", "paint", "north", "--colour=a", "--colour=b");
        assertMisuse("--twice takes no value", "paint", "north", "--twice=yes");
        assertMisuse("\"pant\" is not a command; did you mean paint?", "pant");
        assertMisuse("\"zzzzzz\" is not a command", "zzzzzz");
    }

    private void assertMisuse(String sentence, String... words) {
        CapturedTerminal fresh = new CapturedTerminal();
        Command paint = new Command(
                "paint",
                "WALL",
                1,
                2,
                "paint a wall",
                List.of(),
                List.of(Option.valued("--colour", "NAME", ""), Option.flag("--twice", "")),
                (arguments, terminal) -> ExitCode.OK);
        assertThat(new Main(List.of(paint), fresh.terminal()).run(List.of(words)))
                .isEqualTo(ExitCode.USAGE);
        assertThat(fresh.err()).contains("tallystick: " + sentence);
        assertThat(fresh.err().getLast()).startsWith("Next: tallystick ");
        assertThat(fresh.out()).isEmpty();
    }

    @Test
    void aFailureIsASentenceANextStepAndItsCode() {
        assertThat(run("paint", "wet")).isEqualTo(ExitCode.WRONG);
        assertThat(captured.err()).containsExactly("tallystick: the wall is wet", "Next: wait a day");
    }

    @Test
    void aFaultShowsItsTraceOnlyOnRequest() {
        assertThat(run("paint", "gone")).isEqualTo(ExitCode.FAULT);
        assertThat(captured.err()).hasSize(2).first().asString().contains("no wall");
        assertThat(run("paint", "gone", "--debug")).isEqualTo(ExitCode.FAULT);
        assertThat(captured.err()).anyMatch(line -> line.strip().startsWith("at org.tallystick.cli.MainTest"));
    }

    @Test
    void helpIsEverywhere() {
        assertThat(run("--help")).isEqualTo(ExitCode.OK);
        assertThat(captured.out())
                .anyMatch(line -> line.contains("paint") && line.contains("paint a wall"))
                .anyMatch(line -> line.contains("70"));
        for (String[] words : new String[][] {{"paint", "--help"}, {"help", "paint"}, {"paint", "x", "--help"}}) {
            CapturedTerminal fresh = new CapturedTerminal();
            assertThat(new Main(Commands.all(), fresh.terminal()).run(List.of("test", "--help")))
                    .isEqualTo(ExitCode.OK);
            assertThat(run(words)).isEqualTo(ExitCode.OK);
        }
        assertThat(captured.out())
                .contains("Usage: tallystick paint WALL [options]", "One wall, or a wall and a door.");
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(run("--version")).isEqualTo(ExitCode.OK);
        assertThat(captured.out().getLast()).startsWith("tallystick ");
    }

    @Test
    void numbersAreBounded() {
        run("paint", "north", "--colour", "12");
        Arguments arguments = seen.getFirst();
        assertThat(arguments.number("--colour", 1, 1, 12)).isEqualTo(12);
        assertThat(arguments.number("--absent", 7, 1, 12)).isEqualTo(7);
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> arguments.number("--colour", 1, 1, 11))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("--colour must be between 1 and 11, not 12");
    }

    @Test
    void everySubcommandExplainsItself() {
        for (Command command : Commands.all()) {
            CapturedTerminal fresh = new CapturedTerminal();
            assertThat(new Main(Commands.all(), fresh.terminal()).run(List.of(command.name(), "--help")))
                    .isEqualTo(ExitCode.OK);
            assertThat(fresh.out().getFirst()).startsWith("Usage: tallystick " + command.name());
            assertThat(fresh.out()).contains(command.summary());
        }
    }
}
