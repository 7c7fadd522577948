package org.tallystick.platform.catalog;

import java.util.List;
import java.util.Objects;

/**
 * A dataset as the marketplace shows it.
 *
 * @param newest its newest version
 * @param licenses of its works: distinct, sorted, at most the {@value #MAX_LISTED} most frequent
 * @param mediaTypes likewise
 */
public record DatasetSummary(DatasetVersion newest, List<String> licenses, List<String> mediaTypes) {
    static final int MAX_LISTED = 1_000;

    public DatasetSummary {
        Objects.requireNonNull(newest);
        licenses = List.copyOf(licenses);
        mediaTypes = List.copyOf(mediaTypes);
    }
}
