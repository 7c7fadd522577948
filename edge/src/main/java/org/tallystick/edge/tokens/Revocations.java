package org.tallystick.edge.tokens;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tallystick.edge.disk.Disk;
import org.tallystick.edge.platform.PlatformClient;
import org.tallystick.edge.refusal.Refusal;
import org.tallystick.edge.refusal.RefusalReason;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Sha256;

/**
 * The tokens and contracts the platform has revoked, followed by polling and kept on disk, so that a restart without
 * the platform forgets none. {@link #check} is safe from any thread; {@link #poll} belongs to upkeep.
 */
public final class Revocations {
    private final Disk disk;
    private final Path file;
    private final int edge;
    private final PlatformClient platform;
    private volatile State state;
    private boolean unwritten;

    /** All that is known at one time; replaced as one object, so that a check never sees half of an update. */
    private record State(long version, long position, Set<String> tokens, Set<String> closed, Set<String> contracts) {}

    private Revocations(Disk disk, Path file, int edge, PlatformClient platform, State state) {
        this.disk = disk;
        this.file = file;
        this.edge = edge;
        this.platform = platform;
        this.state = state;
    }

    /** Starts from what is on disk; a file that cannot be read is made again from the feed's beginning. */
    public static Revocations open(Disk disk, Path file, int edge, PlatformClient platform) throws IOException {
        State state = new State(0, 0, Set.of(), Set.of(), Set.of());
        if (Files.exists(file)) {
            try {
                state = read(Json.parseObject(Files.readAllBytes(file)));
            } catch (MalformedException e) {
                org.slf4j.LoggerFactory.getLogger(Revocations.class)
                        .warn("revocations are followed from the beginning again: {}", e.detail());
            }
        }
        return new Revocations(disk, file, edge, platform, state);
    }

    private static State read(Json.Obj found) {
        Fields fields = Fields.of(found, "revocations");
        State state = new State(
                0,
                fields.integer("position", 0, Long.MAX_VALUE >> 11),
                Set.copyOf(fields.strings("tokens")),
                Set.copyOf(fields.strings("closed")),
                Set.copyOf(fields.strings("contracts")));
        if (!fields.text("check").equals(check(found.without("check")))) {
            throw new MalformedException("revocations/check", "they are not what was written");
        }
        return state;
    }

    /** A hash over the file: without it, a flipped bit could turn the revocation of one token into that of another. */
    private static String check(Json.Obj revocations) {
        return Sha256.hash(Jcs.bytes(revocations)).hex();
    }

    /** Asks the platform for revocations since the last poll and keeps them on disk. */
    public void poll() throws IOException {
        State before = state;
        PlatformClient.Revocations news = platform.revocations(edge, before.position());
        if (news.tokens().isEmpty() && news.contracts().isEmpty()) {
            state = new State(before.version(), news.position(), before.tokens(), before.closed(), before.contracts());
        } else {
            state = new State(
                    before.version() + 1,
                    news.position(),
                    union(before.tokens(), news.tokens()),
                    union(before.closed(), news.closed()),
                    union(before.contracts(), news.contracts()));
            unwritten = true;
        }
        if (unwritten) {
            write(state);
            unwritten = false;
        }
    }

    private void write(State after) throws IOException {
        Json.Obj revocations = Json.object()
                .put("position", after.position())
                .put("tokens", sorted(after.tokens()))
                .put("closed", sorted(after.closed()))
                .put("contracts", sorted(after.contracts()))
                .build();
        disk.replace(file, Jcs.bytes(revocations.with("check", Json.of(check(revocations)))), false);
    }

    private static Json sorted(Set<String> ids) {
        return Json.strings(ids.stream().sorted().toList());
    }

    private static Set<String> union(Set<String> known, List<String> more) {
        Set<String> all = new HashSet<>(known);
        all.addAll(more);
        return Set.copyOf(all);
    }

    /**
     * The refusal where a grant is revoked; looked up once for each change of the list, then remembered in the verdict.
     */
    Optional<Refusal> check(TokenVerdict.Granted verdict) {
        State now = state;
        TokenVerdict.Granted.Judged judged = verdict.judged();
        if (judged.version() == now.version()) {
            return judged.refusal();
        }
        Optional<Refusal> refusal = Optional.empty();
        if (now.closed().contains(verdict.token().toString())) {
            refusal = Optional.of(Refusal.of(
                    RefusalReason.JOB_CLOSED,
                    "Job " + verdict.grant().job() + " was closed by its buyer, and its tokens with it."));
        } else if (now.tokens().contains(verdict.token().toString())) {
            refusal = Optional.of(Refusal.of(RefusalReason.TOKEN_REVOKED));
        } else if (now.contracts().contains(verdict.grant().contract())) {
            refusal = Optional.of(Refusal.of(RefusalReason.CONTRACT_REVOKED));
        }
        verdict.judged(new TokenVerdict.Granted.Judged(now.version(), refusal));
        return refusal;
    }

    /** Position in the platform's log up to which revocations are known. */
    public long position() {
        return state.position();
    }
}
