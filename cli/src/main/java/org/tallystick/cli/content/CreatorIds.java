package org.tallystick.cli.content;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import org.tallystick.protocol.codec.Sha256;

/**
 * Makes party ids for creators from folder names: the name itself where it is a valid id, otherwise its valid
 * characters and the start of its hash, so that two different names never become one creator. The same names give the
 * same ids on every machine.
 */
final class CreatorIds {
    private static final String PREFIX = "creator:";
    private static final int LONGEST = 64;
    private static final int HASH_DIGITS = 8;

    private CreatorIds() {}

    /** An id for each name. */
    static Map<String, String> of(SortedSet<String> names) {
        Map<String, String> ids = new HashMap<>();
        Set<String> taken = new HashSet<>();
        names.stream().filter(CreatorIds::fits).forEach(name -> {
            ids.put(name, PREFIX + name);
            taken.add(PREFIX + name);
        });
        for (String name : names) {
            if (!ids.containsKey(name)) {
                int digits = HASH_DIGITS;
                while (!taken.add(hashed(name, digits))) {
                    digits++;
                }
                ids.put(name, hashed(name, digits));
            }
        }
        return ids;
    }

    private static boolean fits(String name) {
        return name.matches("[A-Za-z0-9._-]+") && name.length() <= LONGEST - PREFIX.length();
    }

    private static String hashed(String name, int digits) {
        String slug = name.replaceAll("[^A-Za-z0-9._-]+", "-");
        int room = LONGEST - PREFIX.length() - digits - 1;
        String cut = slug.length() > room ? slug.substring(0, room) : slug;
        String hash = Sha256.hash(name.getBytes(StandardCharsets.UTF_8)).hex();
        return PREFIX + cut + "-" + hash.substring(0, digits);
    }
}
