package org.tallystick.platform.api.dispatch;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.kernel.Problem;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Sha256;

/**
 * Remembers what a command under an {@code Idempotency-Key} was answered, so that the same request under the same key gets
 * the same answer, also after a restart, and another request under it is refused; after a day the key is forgotten. Keys
 * belong to the party that chose them. The request is noted before the command runs: after a crash in between, the same request runs again, and the rooms
 * know most commands by their own ids. A refusal is not kept, because it has changed nothing.
 *
 * <p>Safe from any thread.
 */
public final class Idempotency {
    public static final String HEADER = "Idempotency-Key";

    private static final int MAX_KEY = 128;

    /** Commands removed in one transaction. */
    private static final int AT_ONCE = 10_000;

    private final Database database;
    private final Limits limits;
    private final Set<Hash> running = ConcurrentHashMap.newKeySet();

    /** How many commands of each party are noted; counted once, then kept along, until some are forgotten. */
    private final Map<PartyId, AtomicLong> noted = new ConcurrentHashMap<>();

    public Idempotency(Database database, Limits limits) {
        this.database = database;
        this.limits = limits;
    }

    /**
     * Forgets the commands that were noted longer ago than they are remembered.
     *
     * @return how many
     */
    public int forget() {
        int all = 0;
        int some;
        do {
            some = database.write(tx -> IdempotencyStore.forget(tx, forgotten(), AT_ONCE));
            all += some;
        } while (some == AT_ONCE);
        noted.clear();
        return all;
    }

    private Instant forgotten() {
        return database.now().minus(Duration.ofHours(limits.of(Limit.IDEMPOTENCY_HOURS)));
    }

    private Optional<IdempotencyStore.Row> begin(Command command) {
        PartyId party = command.party();
        AtomicLong count = noted.computeIfAbsent(
                party, one -> new AtomicLong(database.read(tx -> IdempotencyStore.count(tx, one))));
        if (count.get() >= limits.of(Limit.IDEMPOTENCY_KEYS)) {
            throw Limits.passed(
                    Limit.IDEMPOTENCY_KEYS,
                    "as many keys of yours as there may be are remembered, each for "
                            + limits.of(Limit.IDEMPOTENCY_HOURS) + " hours; ask again later, or without a key");
        }
        Optional<IdempotencyStore.Row> known = database.write(tx ->
                IdempotencyStore.begin(tx, command.name(), party, command.fingerprint(), database.now(), forgotten()));
        if (known.isEmpty()) {
            count.incrementAndGet();
        }
        return known;
    }

    /** A command as its caller sent it: who, under which key, and a hash of what. */
    record Command(PartyId party, String key, Hash fingerprint, Sealing sealing) {
        /** Refuses keys out of form. */
        Command {
            if (key.isEmpty() || key.length() > MAX_KEY || !key.chars().allMatch(c -> c > ' ' && c <= '~')) {
                throw HttpRefusedException.malformed(Refusals.malformed(
                        "idempotency/malformed-key", HEADER + " has 1 to " + MAX_KEY + " visible ASCII characters"));
            }
        }

        /** A hash of party and key, under which the command is stored: the same key of two parties is two commands, and the key
         * itself is not kept. */
        Hash name() {
            return Sha256.hash((party + "\n" + key).getBytes(StandardCharsets.UTF_8));
        }
    }

    /** What names a request: everything that could make it another one. */
    static Hash fingerprint(String method, String target, String contentType, Hash body) {
        String text = method + "\n" + target + "\n" + contentType + "\n" + body.hex();
        return Sha256.hash(text.getBytes(StandardCharsets.UTF_8));
    }

    /** How an answer's body is kept. */
    interface Sealing {
        /** Unchanged, because the answer holds no secret. */
        Sealing NONE = new Sealing() {
            @Override
            public byte[] seal(byte[] body) {
                return body;
            }

            @Override
            public Optional<byte[]> open(byte[] sealed) {
                return Optional.of(sealed);
            }
        };

        byte[] seal(byte[] body);

        /** The body, or empty where it was sealed for another API key. */
        Optional<byte[]> open(byte[] sealed);
    }

    /** Runs an action under a command's key, or repeats its answer. */
    Answer run(Command command, Action action, Call call) throws Exception {
        Hash name = command.name();
        if (!running.add(name)) {
            throw refused(Problem.conflict(
                    "idempotency/in-progress",
                    "Still in progress",
                    "a request under this " + HEADER + " is being carried out; ask again"));
        }
        try {
            Optional<IdempotencyStore.Row> row = begin(command);
            if (row.isPresent()) {
                Optional<Answer> earlier = earlier(command, row.get());
                if (earlier.isPresent()) {
                    return earlier.get();
                }
            }
            Answer answer = action.run(call);
            keep(name, command.sealing(), answer);
            return answer;
        } finally {
            running.remove(name);
        }
    }

    /** Forgets what a party was answered, which may hold its words; returns how many answers. */
    public int forget(PartyId party) {
        return database.write(tx -> IdempotencyStore.forget(tx, party));
    }

    private static Optional<Answer> earlier(Command command, IdempotencyStore.Row row) {
        if (!row.fingerprint().equals(command.fingerprint())) {
            throw refused(Problem.invalid(
                    "idempotency/mismatch",
                    "Another request under the same key",
                    "this " + HEADER + " was used for another request; a new request needs a new key"));
        }
        return row.kept().map(kept -> again(kept, command.sealing()));
    }

    private static Answer again(IdempotencyStore.Kept kept, Sealing sealing) {
        byte[] body = sealing.open(kept.body())
                .orElseThrow(() -> refused(Problem.conflict(
                        "idempotency/sealed",
                        "The answer is sealed",
                        "the answer holds a secret and opens only to the API key it was first given to")));
        Answer answer = Answer.bytes(kept.status(), kept.type(), body);
        return kept.location().map(at -> answer.header("Location", at)).orElse(answer);
    }

    private void keep(Hash name, Sealing sealing, Answer answer) {
        if (answer.status() < 300 && answer.body() instanceof Answer.Body.Bytes(String type, byte[] bytes)) {
            IdempotencyStore.Kept kept = new IdempotencyStore.Kept(
                    answer.status(), type, Optional.ofNullable(answer.headers().get("Location")), sealing.seal(bytes));
            database.write(tx -> IdempotencyStore.keep(tx, name, kept));
        }
    }

    private static RefusedException refused(Problem problem) {
        return problem.asException();
    }
}
