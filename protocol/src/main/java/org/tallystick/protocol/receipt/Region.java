package org.tallystick.protocol.receipt;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.IsoCodes;
import org.tallystick.protocol.codec.MalformedException;

/**
 * Where works may be delivered: a country (ISO 3166-1 alpha-2), {@code EU} or {@code EEA}. The members of both unions
 * are listed here as of 2026, because an edge must decide without asking another service.
 *
 * @param code as it stands in contracts, grants and settings
 */
public record Region(String code) {
    private static final Set<String> EU =
            codes("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK");
    private static final Map<String, Set<String>> UNIONS = Map.of(
            "EU",
            EU,
            "EEA",
            Stream.of(EU, codes("EU IS LI NO")).flatMap(Set::stream).collect(Collectors.toUnmodifiableSet()));

    /** @throws MalformedException {@code region/unknown} unless the code is a known region */
    public Region {
        if (!isKnown(code)) {
            throw new MalformedException(
                    "region/unknown", Fields.shown(code) + " is not EU, EEA or a two-letter country code");
        }
    }

    private static Set<String> codes(String words) {
        return Arrays.stream(words.split(" ")).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether a text names a region. */
    public static boolean isKnown(String code) {
        return UNIONS.containsKey(code) || IsoCodes.COUNTRIES.contains(code);
    }

    /**
     * Reads a list of regions, none of them twice.
     *
     * @param most how many there may be
     * @throws MalformedException {@code region/unknown}, {@code region/repeated}, {@code region/too-many}
     */
    public static List<Region> parseAll(List<String> codes, int most) {
        if (codes.size() > most) {
            throw new MalformedException("region/too-many", "more than " + most + " regions");
        }
        List<Region> regions = codes.stream().map(Region::new).toList();
        if (Set.copyOf(codes).size() < codes.size()) {
            throw new MalformedException("region/repeated", "a region is named twice");
        }
        return regions;
    }

    /** Whether the other region lies within this one: a country in itself and in its unions, the EU in the EEA. */
    boolean includes(Region place) {
        return equals(place) || UNIONS.getOrDefault(code, Set.of()).contains(place.code);
    }

    @Override
    public String toString() {
        return code;
    }
}
