package org.tallystick.protocol.statement;

import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.MalformedException;

/**
 * What the entry of a close says of the tree under its root.
 *
 * @param salted whether it is of the present format: papers under salts, and nodes of contracts
 * @param papers statements and invoices
 * @param leaves those and the nodes of contracts
 */
record CloseEntry(Hash root, boolean salted, long papers, long leaves) {
    /** Member of a close's entry: version of what it commits to. Without it, hashes stand in its root without salt. */
    private static final String COMMITS = "commits";

    /** Member of the same entries: how many nodes of contracts come after statements and invoices. */
    private static final String CONTRACTS = "contracts";

    static CloseEntry of(LoggedDocument document) {
        Fields close = Fields.of(document.entry().body(), LoggedDocument.CLOSE);
        boolean salted = close.optionalInteger(COMMITS, 2, 2).isPresent();
        long papers =
                close.integer("statements", 0, Integer.MAX_VALUE) + close.integer("invoices", 0, Integer.MAX_VALUE);
        long nodes = salted ? close.integer(CONTRACTS, 0, Integer.MAX_VALUE) : 0;
        return new CloseEntry(Hash.ofHex(close.text("root")), salted, papers, papers + nodes);
    }

    /** Checks that an opened node is one of a contract under the root. */
    void check(OpenedUsage usage) {
        if (!salted || usage.index() < papers || !usage.root(leaves).equals(root)) {
            throw new MalformedException(
                    "usage/close",
                    "what is shown of contract " + usage.opening().contract() + " is not what the close at "
                            + usage.close() + " commits to");
        }
    }
}
