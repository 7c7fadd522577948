package org.tallystick.platform.audit;

import java.util.List;

/**
 * What a check of one area came to.
 *
 * @param area what was checked: {@code log}, {@code blobs}, {@code bundles}, {@code sets}, {@code ledger}, …
 * @param checked how much of it, in words
 * @param differences what is not as it should be; none if all is well
 * @param notes what is worth knowing and is no damage, such as numbered gaps an edge's crash has left
 */
public record Finding(String area, String checked, List<String> differences, List<String> notes) {
    public Finding {
        differences = List.copyOf(differences);
        notes = List.copyOf(notes);
    }
}
