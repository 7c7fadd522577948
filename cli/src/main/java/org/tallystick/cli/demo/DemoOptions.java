package org.tallystick.cli.demo;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What the demo is asked to do.
 *
 * @param content a folder or ZIP; the JDK's own sources without one
 * @param data where everything of the run lies
 * @param fresh whether to clear what an earlier demo left there
 * @param report where to write the report, if anywhere
 * @param kills how often processes are killed in the middle of the deliveries
 * @param keepRunning whether to leave the system running until interrupted
 * @param workers how many workers each job has
 */
public record DemoOptions(
        Optional<Path> content,
        Path data,
        boolean fresh,
        Optional<Path> report,
        int kills,
        boolean keepRunning,
        int workers) {
    public DemoOptions {
        Objects.requireNonNull(content);
        Objects.requireNonNull(data);
        Objects.requireNonNull(report);
        if (workers < 1 || kills < 0) {
            throw new IllegalArgumentException("a job has at least one worker, and nothing is killed less than never");
        }
    }
}
