package org.tallystick.cli.demo;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.tallystick.cli.shell.Progress;
import org.tallystick.sdk.Role;
import org.tallystick.sdk.TallystickClient;

/**
 * Everybody who takes part in the demo.
 *
 * @param operator the platform's operator, by the API
 * @param creators by party id
 * @param curator puts the dataset together
 * @param buyers train on it
 */
record DemoParties(
        TallystickClient operator, Map<String, DemoParty> creators, DemoParty curator, List<DemoParty> buyers) {
    DemoParties {
        creators = Map.copyOf(creators);
        buyers = List.copyOf(buyers);
    }

    /** Registers everybody; creators by their folders' names. */
    static DemoParties register(
            DemoKeys keys, TallystickClient operator, SortedMap<String, String> creatorNames, Progress progress)
            throws IOException, InterruptedException {
        List<DemoParty> creators = Parallel.each(List.copyOf(creatorNames.entrySet()), 16, named -> {
            DemoParty party =
                    DemoParty.register(keys, operator, named.getKey(), Role.CREATOR, displayName(named.getValue()));
            progress.add(1);
            return party;
        });
        DemoParty curator = DemoParty.register(keys, operator, "curator:demo", Role.CURATOR, "Demo curator");
        DemoParty first = DemoParty.register(keys, operator, "buyer:one", Role.BUYER, "First demo buyer");
        DemoParty second = DemoParty.register(keys, operator, "buyer:two", Role.BUYER, "Second demo buyer");
        progress.add(3);
        Map<String, DemoParty> byId = new HashMap<>();
        creators.forEach(party -> byId.put(party.id(), party));
        return new DemoParties(operator, byId, curator, List.of(first, second));
    }

    DemoParty creator(String id) {
        return Objects.requireNonNull(creators.get(id));
    }

    private static String displayName(String folder) {
        return folder.length() > 120 ? folder.substring(0, 120) : folder;
    }
}
