package org.tallystick.drafting;

import java.math.BigDecimal;
import java.util.List;
import org.tallystick.protocol.receipt.Scope;

/** A page a creator can send along with an offer: what the works are worth to a buyer, from the creator's own numbers. */
public final class ValueMemo {
    private ValueMemo() {}

    /** As Markdown. */
    public static String of(String dataset, PriceQuestion question) {
        StringBuilder out = new StringBuilder("# What " + dataset + " is worth\n\n");
        out.append(English.number(question.works()))
                .append(" works of about ")
                .append(English.number(question.tokensPerWork()))
                .append(" tokens, offered for ")
                .append(English.and(question.tiers().stream().map(Scope::word).toList()))
                .append(".\n");
        question.earned()
                .ifPresent(amount -> out.append("They earn ")
                        .append(question.currency())
                        .append(' ')
                        .append(English.number(amount))
                        .append(" a year today.\n"));
        question.views()
                .ifPresent(views -> out.append("They are seen ")
                        .append(English.number(views))
                        .append(" times a year.\n"));
        List<PriceEstimate> estimates = PriceCalculator.estimates(question);
        out.append("\n## Ways of paying for them\n\n");
        out.append("| by | unit | from | to | after ")
                .append(question.months())
                .append(" months |\n|---|---|---|---|---|\n");
        for (PriceEstimate estimate : estimates) {
            PriceEstimate.Point last = estimate.series().getLast();
            out.append("| ")
                    .append(estimate.model())
                    .append(" | ")
                    .append(estimate.unit())
                    .append(" | ")
                    .append(English.number(estimate.low()))
                    .append(" | ")
                    .append(English.number(estimate.high()))
                    .append(" | ")
                    .append(between(estimate.currency(), last.low(), last.high()))
                    .append(" |\n");
        }
        out.append("\n## Why\n\n");
        for (PriceEstimate estimate : estimates) {
            out.append("- **").append(estimate.model()).append("**: ");
            out.append(String.join("; ", estimate.reasons())).append(".\n");
        }
        out.append("\nThese are rules of thumb for a first offer, computed from the numbers above and nothing else.\n");
        return out.toString();
    }

    private static String between(String currency, BigDecimal low, BigDecimal high) {
        return currency + " " + English.number(low) + " to " + English.number(high);
    }
}
