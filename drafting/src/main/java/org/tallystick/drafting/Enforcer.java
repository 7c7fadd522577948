package org.tallystick.drafting;

/** A program that enforces a term. A test checks that the class {@link #type} names exists. */
public enum Enforcer {
    ACCEPTANCE("acceptance of contracts", "org.tallystick.platform.contract.Contracts"),
    TOKENS("issue of tokens", "org.tallystick.platform.delivery.Jobs"),
    EDGE("edge", "org.tallystick.edge.EdgeServer"),
    GATE("training gate", "org.tallystick.platform.gate.TrainingGate"),
    METER("meter", "org.tallystick.platform.metering.Metering"),
    RATING("rating", "org.tallystick.platform.rating.Rater"),
    SETTLEMENT("settlement", "org.tallystick.platform.settlement.Settlement"),
    LEDGER("ledger", "org.tallystick.platform.ledger.Ledger");

    private final String words;
    private final String type;

    Enforcer(String words, String type) {
        this.words = words;
        this.type = type;
    }

    /** As it stands in a sentence after "the". */
    public String words() {
        return words;
    }

    /** The name of the class that does it. */
    public String type() {
        return type;
    }
}
