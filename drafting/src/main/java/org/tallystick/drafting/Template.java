package org.tallystick.drafting;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.terms.ContractDraft;
import org.tallystick.protocol.terms.ContractTerms;
import org.tallystick.protocol.terms.Term;

/**
 * A template for one usual kind of contract. Everything that is the same in each such contract is set; the rest are
 * {@link Question}s.
 */
public final class Template {
    private static final int ID_DIGITS = 32;

    private final String name;
    private final String summary;
    private final List<Question> questions;
    private final Function<Answers, List<Term>> terms;

    Template(String name, String summary, List<Question> questions, Function<Answers, List<Term>> terms) {
        this.name = name;
        this.summary = summary;
        this.questions = List.copyOf(questions);
        this.terms = Objects.requireNonNull(terms);
    }

    /** The name by which it is chosen. */
    public String name() {
        return name;
    }

    /** One line on when it fits. */
    public String summary() {
        return summary;
    }

    /** What it asks, in order. */
    public List<Question> questions() {
        return questions;
    }

    /**
     * The contract these answers make, with the hash of its words inside, ready to be signed. Where no id is given, the
     * contract is named by its own content.
     *
     * @throws MalformedException {@code template/…} for an answer that is missing, unknown or unreadable, {@code
     *     contract/…} where the answers make no sound contract
     */
    public ContractDraft draft(Map<String, String> given) {
        Answers answers = new Answers(this, given);
        ContractDraft draft = new ContractDraft(
                answers.optional("id").orElse("unnamed"),
                answers.text("dataset"),
                answers.optional("buyer"),
                answers.optional("curator"),
                answers.hash("dataset-version"),
                ContractTerms.of(terms.apply(answers)),
                Optional.empty(),
                Optional.empty());
        return PrintedContract.sealed(
                answers.optional("id").isPresent() ? draft : draft.withId("cnf-" + contentId(draft)));
    }

    /** The first characters of the SHA-256 of the contract without an id, so that equal contracts get equal ids. */
    private static String contentId(ContractDraft draft) {
        byte[] bytes = Jcs.text(draft.json().without("contractId")).getBytes(StandardCharsets.UTF_8);
        return Sha256.hash(bytes).hex().substring(0, ID_DIGITS);
    }
}
