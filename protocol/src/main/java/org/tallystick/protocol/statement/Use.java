package org.tallystick.protocol.statement;

import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Scope;

/**
 * A use of a work that receipts prove.
 *
 * @param creator of the work, by the dataset version
 * @param withdrawn whether a later receipt takes it back
 */
record Use(Key key, ContentId content, String creator, boolean withdrawn) {
    /** A usage set: what one line, or an adjustment beside it, counts. */
    record Key(String contract, String job, Scope scope) {}
}
