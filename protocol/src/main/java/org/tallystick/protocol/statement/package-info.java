/**
 * What a party earned, as one file that verifies offline: statement, evidence, verifier.
 *
 * <p>Invariants: the file is canonical to the last byte; every amount is recomputed from what the file shows. Trusts the pinned
 * platform key only for what the log alone can show, and says so. Read
 * {@link org.tallystick.protocol.statement.Statement} first, then {@code PaperVerifier}.
 */
@NullMarked
package org.tallystick.protocol.statement;

import org.jspecify.annotations.NullMarked;
