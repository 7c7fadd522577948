package org.tallystick.protocol.statement;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Salt;

/**
 * Where a close commits to a paper: its leaf under the root in the close's entry. The leaves are the statements in order
 * of id, then the invoices in order of id.
 *
 * @param close log position of the close's entry
 * @param index of the leaf
 * @param path sibling hashes from the leaf up
 * @param salt put before the paper's hash; empty for closes of before the log's change of format
 * @param paper the paper, where it is an earlier one of the same payee or contract; empty for the file's own
 */
public record Issued(long close, int index, List<Hash> path, Optional<Salt> salt, Optional<Paper> paper) {
    public Issued {
        path = List.copyOf(path);
        Objects.requireNonNull(salt);
        Objects.requireNonNull(paper);
    }
}
