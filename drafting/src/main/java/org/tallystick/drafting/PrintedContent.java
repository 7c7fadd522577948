package org.tallystick.drafting;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.terms.ContractDocument;

/**
 * The content of a printed contract, before it is written as Markdown or HTML.
 *
 * @param title the heading
 * @param facts who and what, each a name and a value
 * @param clauses in the order of the terms
 * @param foot sentences below the clauses
 */
record PrintedContent(String title, List<Fact> facts, List<Clause> clauses, List<String> foot) {
    /** A line of the head. */
    record Fact(String name, String value) {}

    static PrintedContent of(ContractDocument document) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Contract", document.id()));
        facts.add(new Fact("Dataset", document.dataset()));
        facts.add(new Fact("Dataset version", or(document.datasetVersion().map(Hash::hex))));
        facts.add(new Fact("Buyer", or(document.buyer())));
        facts.add(new Fact("Curator", or(document.curator())));
        facts.add(new Fact("Creators", "everyone with a work in the dataset version"));
        document.replaces()
                .ifPresent(old -> facts.add(new Fact(
                        "Takes the place of",
                        old.contract() + " (" + old.as().word() + "), whose terms have SHA-256 "
                                + old.hash().hex())));
        return new PrintedContent(
                "Data contract " + document.id(),
                facts,
                Clauses.of(document.terms()),
                List.of(
                        "This contract binds once the buyer, the curator and every creator with a work in the dataset"
                                + " version have signed it with their keys and the platform has accepted it. Those"
                                + " signatures are the creators' consent.",
                        "These words were made from the terms of the contract by clause library " + Clauses.LIBRARY
                                + ". The terms have SHA-256 "
                                + PrintedContract.terms(document).hex() + "."));
    }

    private static String or(Optional<String> value) {
        return value.orElse("not yet named");
    }

    /** Sentences that say which program enforces a clause, or which party keeps it. */
    static List<String> keeping(Clause clause) {
        List<String> sentences = new ArrayList<>();
        for (Enforcement enforcement : clause.enforcement()) {
            sentences.add("Kept by the " + enforcement.by().words() + ", which " + enforcement.how() + ".");
        }
        return sentences;
    }
}
