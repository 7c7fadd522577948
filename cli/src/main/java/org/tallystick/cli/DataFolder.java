package org.tallystick.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.tallystick.cli.shell.CommandFailure;
import org.tallystick.cli.system.Layout;
import org.tallystick.platform.app.Config;
import org.tallystick.platform.app.Platform;
import org.tallystick.protocol.codec.Reasons;

/** Opens the data of a platform that is not running, for a command that works on it. */
final class DataFolder {
    private static final String NAME_IT = "name the folder of tallystick up or demo with --data";

    private DataFolder() {}

    /**
     * The platform's own folder below what a person names: the folder of {@code up} or {@code demo}, or the platform's.
     *
     * @throws CommandFailure where there is no platform's data
     */
    static Path platform(Path named) {
        Path below = new Layout(named).platform();
        Path folder = Files.isDirectory(below) ? below : named;
        if (Files.exists(named) && !Files.isDirectory(named)) {
            throw CommandFailure.usage(named + " is a file, not a folder", NAME_IT);
        }
        if (Files.notExists(named)) {
            throw CommandFailure.usage("there is no folder " + named, NAME_IT);
        }
        if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
            throw noPermission("the folder " + folder + " cannot be read: no permission");
        }
        if (!Files.isDirectory(folder.resolve("log"))) {
            throw CommandFailure.usage(named + " holds no data of a platform", NAME_IT);
        }
        return folder;
    }

    /** Opens the platform without serving its API. Only one process at a time can have it open. */
    static Platform open(Path named) {
        Path folder = platform(named);
        try {
            return Platform.open(config(folder), InstantSource.system());
        } catch (RuntimeException e) {
            throw doesNotOpen(folder, e);
        }
    }

    /** Why a folder does not open: not permitted and in use are told apart from everything that may be damage. */
    static CommandFailure doesNotOpen(Path folder, RuntimeException e) {
        if (Reasons.isNoPermission(e)) {
            return noPermission("the platform's data in " + folder + " cannot be opened: " + Reasons.of(e));
        }
        if (Reasons.of(e).contains("process")) { // what the locks of log and database say
            return CommandFailure.unavailable(
                    "the platform's data in " + folder + " is in use: " + Reasons.of(e),
                    "stop the platform that runs on it, then ask again",
                    e);
        }
        return CommandFailure.unavailable(
                "the platform's data in " + folder + " cannot be opened: " + Reasons.of(e),
                "tallystick fsck --data " + folder + " says whether it is damaged",
                e);
    }

    private static CommandFailure noPermission(String sentence) {
        return CommandFailure.unavailable(sentence, "run it as the user who owns the folder");
    }

    /** The settings of the platform whose folder this is, from its files and the environment. */
    static Config config(Path folder) {
        Optional<Path> file =
                Optional.of(folder.resolve("tallystick.properties")).filter(Files::exists);
        return Config.from(Map.of("data", folder.toString()), System.getenv(), file);
    }
}
