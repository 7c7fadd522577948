package org.tallystick.drafting;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractDraft;
import org.tallystick.protocol.terms.ContractTerms;

/** Letters that answer an offer, filled in from its terms. */
public enum Reply {
    /** Accepts the offer. */
    ACCEPT,
    /** Accepts it on condition that the named clauses change. */
    COUNTER,
    /** Asks questions before answering. */
    ASK,
    /** Declines the offer. */
    DECLINE;

    /**
     * @throws MalformedException {@code reply/unknown}
     */
    public static Reply of(String word) {
        for (Reply reply : values()) {
            if (reply.word().equals(word)) {
                return reply;
            }
        }
        throw new MalformedException("reply/unknown", "a reply is accept, counter, ask or decline");
    }

    /** The word it is asked for by. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The letter, as plain text. */
    public String letter(ContractDocument offer) {
        List<Flag> flags = Linter.lint(offer.terms());
        StringBuilder out = new StringBuilder("To ")
                .append(offer.buyer().orElse("the other side"))
                .append("\nAbout contract ")
                .append(offer.id())
                .append(" on dataset ")
                .append(offer.dataset())
                .append("\n\n");
        switch (this) {
            case ACCEPT ->
                out.append("We agree to your offer as it stands. What we sign has SHA-256 ")
                        .append(offer.hash().hex())
                        .append(".\n");
            case COUNTER -> counter(out, flags);
            case ASK -> ask(out, flags);
            case DECLINE -> decline(out, flags);
        }
        return out.append("\nWith kind regards\n")
                .append(offer.curator().orElse("the curator"))
                .append('\n')
                .toString();
    }

    private static void counter(StringBuilder out, List<Flag> flags) {
        List<Flag> mended =
                flags.stream().filter(flag -> flag.mend().isPresent()).toList();
        if (mended.isEmpty()) {
            out.append(
                    "Thank you for your offer. We have no changes to propose; please see the version we send along.\n");
            return;
        }
        out.append("Thank you for your offer. We would sign it with these changes:\n");
        for (Flag flag : mended) {
            out.append("\n- ").append(flag.why()).append("\n  Instead: ");
            out.append(String.join(" ", flag.mending())).append('\n');
        }
    }

    private static void ask(StringBuilder out, List<Flag> flags) {
        out.append("Thank you for your offer. Before we answer, please tell us:\n\n");
        out.append("- For which models and products are the works meant, and when are they to be released?\n");
        out.append("- How often do you expect to train on them, and how often to answer with them?\n");
        flags.stream()
                .filter(flag ->
                        flag.code().endsWith("-undefined") || flag.code().startsWith("no-"))
                .forEach(flag -> out.append("- ").append(flag.why()).append(" What do you propose?\n"));
    }

    private static void decline(StringBuilder out, List<Flag> flags) {
        out.append("Thank you for your offer. We cannot accept it.\n");
        flags.stream()
                .filter(flag -> flag.severity() == Flag.Severity.HIGH)
                .forEach(flag -> out.append("\n- ").append(flag.why()).append('\n'));
        out.append("\nWe stay open to another one.\n");
    }

    /** The offer with every clause mended that a single clause mends: what a counter-offer is made of. */
    public static Optional<ContractDraft> counterOffer(ContractDocument offer) {
        ContractTerms terms = offer.terms();
        boolean changed = false;
        for (int round = 0; round < ContractTerms.KINDS.size(); round++) {
            Optional<Flag> next = Linter.lint(terms).stream()
                    .filter(flag -> flag.mend().isPresent())
                    .findFirst();
            if (next.isEmpty()) {
                break;
            }
            terms = terms.with(next.get().mend().orElseThrow());
            changed = true;
        }
        return changed
                ? Optional.of(PrintedContract.sealed(ContractDraft.of(offer).with(terms)))
                : Optional.empty();
    }
}
