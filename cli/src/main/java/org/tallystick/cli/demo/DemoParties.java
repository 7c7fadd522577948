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
 * Everybody in the play.
 *
 * @param operator runs the platform
 * @param creators by party id
 * @param curator put the dataset together
 * @param buyers train on it
 */
record DemoParties(TallystickClient operator, Map<String, Actor> creators, Actor curator, List<Actor> buyers) {
    DemoParties {
        creators = Map.copyOf(creators);
        buyers = List.copyOf(buyers);
    }

    /** Registers everybody; creators by their folders' names. */
    static DemoParties register(
            Keys keys, TallystickClient operator, SortedMap<String, String> creatorNames, Progress progress)
            throws IOException, InterruptedException {
        List<Actor> creators = Parallel.each(List.copyOf(creatorNames.entrySet()), 16, named -> {
            Actor actor = Actor.register(keys, operator, named.getKey(), Role.CREATOR, displayName(named.getValue()));
            progress.add(1);
            return actor;
        });
        Actor curator = Actor.register(keys, operator, "curator:demo", Role.CURATOR, "Demo curator");
        Actor first = Actor.register(keys, operator, "buyer:one", Role.BUYER, "First demo buyer");
        Actor second = Actor.register(keys, operator, "buyer:two", Role.BUYER, "Second demo buyer");
        progress.add(3);
        Map<String, Actor> byId = new HashMap<>();
        creators.forEach(actor -> byId.put(actor.id(), actor));
        return new DemoParties(operator, byId, curator, List.of(first, second));
    }

    Actor creator(String id) {
        return Objects.requireNonNull(creators.get(id));
    }

    private static String displayName(String folder) {
        return folder.length() > 120 ? folder.substring(0, 120) : folder;
    }
}
