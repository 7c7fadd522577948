package org.tallystick.platform.catalog;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How the datasets a search finds are distributed. A dataset counts once under each value it has.
 *
 * @param datasets how many were counted
 * @param capped whether there are more than were counted
 * @param licenses most frequent first, at most 50
 * @param mediaTypes most frequent first, at most 50
 */
public record Facets(long datasets, boolean capped, Map<String, Long> licenses, Map<String, Long> mediaTypes) {
    public Facets {
        licenses = Collections.unmodifiableMap(new LinkedHashMap<>(licenses));
        mediaTypes = Collections.unmodifiableMap(new LinkedHashMap<>(mediaTypes));
    }
}
