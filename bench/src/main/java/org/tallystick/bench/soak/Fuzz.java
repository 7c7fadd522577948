package org.tallystick.bench.soak;

import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import org.tallystick.bench.sim.Violation;
import org.tallystick.protocol.codec.MalformedException;

/**
 * Gives every decoder nearly valid input, over and over, each decoder in turn. A decoder reads or refuses; anything else it
 * does is a violation. Runs on a thread of its own beside the rest of the campaign.
 */
final class Fuzz implements AutoCloseable {
    private static final int IN_A_ROW = 10_000;

    private final SplittableRandom seeds;
    private final Thread thread;
    private final Semaphore going = new Semaphore(1);
    private final ConcurrentMap<String, Long> inputs = new ConcurrentSkipListMap<>();
    private volatile boolean stopping;
    private volatile Optional<Violation> found = Optional.empty();

    Fuzz(long seed) {
        this.seeds = new SplittableRandom(seed);
        this.thread = Thread.ofPlatform().daemon().name("fuzz").start(this::run);
    }

    private void run() {
        List<Decoder> decoders = Decoders.all();
        while (!stopping) {
            for (Decoder decoder : decoders) {
                going.acquireUninterruptibly();
                try {
                    row(decoder, new SplittableRandom(seeds.nextLong()), IN_A_ROW);
                } catch (Violation violation) {
                    found = Optional.of(violation);
                    return;
                } finally {
                    going.release();
                }
                inputs.merge(decoder.name(), (long) IN_A_ROW, Long::sum);
            }
        }
    }

    /** Pauses until {@link #goOn}, so that other tests have the processor; returns once it has paused. */
    void pause() {
        going.acquireUninterruptibly();
    }

    void goOn() {
        going.release();
    }

    /**
     * Gives a decoder so many inputs.
     *
     * @return how often it refused
     */
    static int row(Decoder decoder, SplittableRandom random, int times) {
        Mutation mutation = new Mutation(random);
        int refused = 0;
        for (int i = 0; i < times; i++) {
            byte[] input = mutation.of(decoder.examples());
            try {
                decoder.read().read(input);
            } catch (MalformedException e) {
                refused++; // with a reason, as it should be
            } catch (RuntimeException | StackOverflowError e) {
                throw new Violation(
                        "the decoder of a " + decoder.name() + " does not refuse "
                                + HexFormat.of().formatHex(input) + " but throws " + e,
                        e);
            }
        }
        return refused;
    }

    /** How many inputs each decoder was given. */
    SortedMap<String, Long> inputs() {
        return new TreeMap<>(inputs);
    }

    /** Throws the first violation, if one was found. */
    void check() {
        if (found.isPresent()) {
            throw found.get();
        }
    }

    /** Gives no more input; returns once the last was read. */
    void stop() {
        stopping = true;
        going.release(); // it may be paused
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        stop();
    }
}
