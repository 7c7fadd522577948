package org.tallystick.platform.api.dispatch;

import java.util.ArrayList;
import java.util.List;

/** Where a connection comes from, as coarsely as whoever sits there can be told apart: of IPv6 a household has 2^64 addresses. */
final class Networks {
    private static final int GROUPS = 8;
    private static final int NETWORK_GROUPS = 4;

    private Networks() {}

    /** The address itself, or the network of 64 bits of an IPv6 address. */
    static String of(String address) {
        if (address.indexOf(':') < 0) {
            return address;
        }
        String plain = address.replaceAll("[\\[\\]]|%.*", "");
        int gap = plain.indexOf("::");
        List<String> groups = new ArrayList<>(List.of((gap < 0 ? plain : plain.substring(0, gap)).split(":")));
        List<String> after =
                gap < 0 ? List.of() : List.of(plain.substring(gap + 2).split(":"));
        groups.removeIf(String::isEmpty);
        while (gap >= 0 && groups.size() + after.size() < GROUPS) {
            groups.add("0");
        }
        groups.addAll(after);
        return String.join(":", groups.subList(0, Math.min(NETWORK_GROUPS, groups.size()))) + "::/64";
    }
}
