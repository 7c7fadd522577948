package org.tallystick.cli;

import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.shell.ExitCode;
import org.tallystick.cli.shell.Terminal;
import org.tallystick.drafting.PriceCalculator;
import org.tallystick.drafting.PriceEstimate;
import org.tallystick.drafting.PriceQuestion;
import org.tallystick.drafting.ValueMemo;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/** {@code contract price}: ranges for a first offer, with their reasons and what they come to over time. */
final class ContractPrice {
    /**
     * The options that set a number of the question: option, member, help. The member determines the type of the
     * number.
     */
    private static final List<String[]> NUMBERS = List.of(
            new String[] {"--works", "works", "how many works are offered"},
            new String[] {"--tokens-per-work", "tokensPerWork", "how long a work is on average (1000)"},
            new String[] {"--earned", "earnedPerYear", "what the works earn a year today"},
            new String[] {"--views", "viewsPerYear", "how often they are seen a year"},
            new String[] {"--jobs", "jobsPerYear", "training jobs expected a year (4)"},
            new String[] {"--inferences", "inferencesPerMonth", "answers expected a month"},
            new String[] {"--tokens-per-month", "tokensPerMonth", "tokens given out a month"},
            new String[] {"--buyer-revenue", "buyerRevenuePerMonth", "what the buyer expects to earn a month"},
            new String[] {"--exclusive-months", "exclusiveMonths", "how long others are kept out (0)"},
            new String[] {"--months", "months", "over how many months the effect is shown (24)"});

    private ContractPrice() {}

    static List<Option> options() {
        List<Option> options = new java.util.ArrayList<>();
        NUMBERS.forEach(row -> options.add(Option.valued(row[0], "N", "price: " + row[2])));
        options.add(Option.valued("--tiers", "LIST", "price: of training, embedding, inference (training)"));
        options.add(Option.valued("--memo", "NAME", "price: write a value memo about a dataset of that name"));
        return options;
    }

    static ExitCode run(Arguments arguments, Terminal terminal) {
        PriceQuestion question = question(arguments);
        Optional<String> memo = arguments.value("--memo");
        if (arguments.has("--json")) {
            ContractFiles.write(arguments, terminal, ContractFiles.pretty(PriceCalculator.answer(question)));
        } else if (memo.isPresent()) {
            ContractFiles.write(arguments, terminal, ValueMemo.of(memo.get(), question));
        } else {
            PriceCalculator.estimates(question).forEach(estimate -> say(terminal, estimate));
        }
        return ExitCode.OK;
    }

    private static PriceQuestion question(Arguments arguments) {
        Json.Builder out = Json.object();
        for (String[] row : NUMBERS) {
            arguments.value(row[0]).ifPresent(text -> out.put(row[1], Json.of(number(row[0], text))));
        }
        arguments.value("--tiers").ifPresent(text -> out.put("tiers", Json.strings(List.of(text.split(",")))));
        out.putIfPresent("currency", arguments.value("--currency"));
        try {
            return PriceQuestion.read(Fields.of(out.build(), "price"));
        } catch (MalformedException e) {
            throw CommandFailure.usage(e.detail(), "tallystick contract price --help");
        }
    }

    private static BigDecimal number(String option, String text) {
        if (!text.matches("[0-9]{1,18}(\\.[0-9]{1,6})?")) {
            throw CommandFailure.usage(option + " needs a number, not \"" + text + "\"", "");
        }
        return new BigDecimal(text);
    }

    private static void say(Terminal terminal, PriceEstimate estimate) {
        terminal.line(estimate.model() + ": " + estimate.low().toPlainString() + " to "
                + estimate.high().toPlainString() + " (" + estimate.unit() + "); template " + estimate.template());
        estimate.reasons().forEach(reason -> terminal.line("  " + reason));
        List<PriceEstimate.Point> series = estimate.series();
        for (int i = 0; i < series.size(); i++) {
            PriceEstimate.Point point = series.get(i);
            if (point.month() % 12 == 0 || i == series.size() - 1) {
                terminal.line("  after " + point.month() + " months: " + estimate.currency() + " "
                        + point.low().toPlainString() + " to " + point.high().toPlainString());
            }
        }
    }
}
