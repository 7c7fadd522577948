package org.tallystick.cli.supervise;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a child is started and when it counts as ready.
 *
 * @param name for messages and for its log file
 * @param command the whole command line
 * @param health answers 200 once the child is ready
 * @param patience how long a start may take
 * @param cache what makes its next start quicker
 */
public record ChildSpec(String name, List<String> command, URI health, Duration patience, Optional<StartCache> cache) {
    public ChildSpec {
        command = List.copyOf(command);
        Objects.requireNonNull(health);
        if (!name.matches("[a-z][a-z0-9-]*") || command.isEmpty() || patience.isNegative()) {
            throw new IllegalArgumentException("a child has a plain name, a command and some patience: " + name);
        }
    }
}
