package org.tallystick.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.tallystick.cli.shell.CommandFailure;

/** Reads {@code --set A=B,C=D}: settings of a server, by the names in its documentation. */
final class Settings {
    private Settings() {}

    static Map<String, String> parse(Optional<String> text, String command) {
        Map<String, String> settings = new HashMap<>();
        if (text.isEmpty()) {
            return settings;
        }
        for (String pair : text.get().split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw CommandFailure.usage(
                        "--set wants NAME=VALUE, not \"" + pair + "\"", "tallystick " + command + " --help");
            }
            settings.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return settings;
    }
}
