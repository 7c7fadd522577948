package org.tallystick.edge.sealing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tallystick.edge.disk.Disk;
import org.tallystick.edge.keys.Ed25519Provider;
import org.tallystick.edge.keys.Identity;
import org.tallystick.edge.platform.PlatformClient;
import org.tallystick.edge.spool.EpochSpool;
import org.tallystick.edge.spool.Spool;
import org.tallystick.edge.status.Standing;
import org.tallystick.protocol.codec.Base64Url;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Reasons;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Signer;

/**
 * The edge's keys, one per epoch. A key is on disk before the platform hears of it, and an epoch's file holds key and
 * certificate together, so that no crash leaves one without the other. A new epoch begins where there is no key, the
 * certificate is about to expire, or the epoch's spool or numbers are damaged.
 *
 * <p>{@link #current} and {@link #certificate} are safe from any thread; the rest belongs to upkeep.
 */
public final class Epochs {
    private static final Logger LOG = LoggerFactory.getLogger(Epochs.class);
    private static final Duration LONGEST_MARGIN = Duration.ofDays(1);
    private static final Duration LONGEST_SPACING = Duration.ofHours(1);

    private final Disk disk;
    private final Path dir;
    private final Identity identity;
    private final PlatformClient platform;
    private final Ed25519Provider ed25519;
    private final InstantSource clock;
    private final Spool spool;
    private final int reservationBlock;
    private final Standing standing;

    private final ConcurrentSkipListMap<Integer, String> certificates = new ConcurrentSkipListMap<>();
    private final List<Epoch> opened = new ArrayList<>();
    private volatile Optional<Epoch> current = Optional.empty();
    private Optional<Long> issuedNanos = Optional.empty();
    private int issued;

    public Epochs(
            Disk disk,
            Path dir,
            Identity identity,
            PlatformClient platform,
            Ed25519Provider ed25519,
            InstantSource clock,
            Spool spool,
            int reservationBlock,
            Standing standing) {
        this.disk = disk;
        this.dir = dir;
        this.identity = identity;
        this.platform = platform;
        this.ed25519 = ed25519;
        this.clock = clock;
        this.spool = spool;
        this.reservationBlock = reservationBlock;
        this.standing = standing;
    }

    /** A key and its certificate as they lie on disk. */
    @SuppressWarnings("ArrayRecordComponent") // stays in here, never written
    private record Stored(byte[] seed, String certificate) {
        static Stored read(Path file) throws IOException {
            Fields fields = Fields.of(Json.parseObject(Files.readAllBytes(file)), "epoch");
            return new Stored(Base64Url.decode(fields.text("seed"), "epoch/seed"), fields.text("certificate"));
        }
    }

    /**
     * The certificate that lies with an epoch's key, unverified.
     *
     * @throws MalformedException where the file is damaged
     */
    public static String storedCertificate(Path dir, int epoch) throws IOException {
        return Stored.read(epochFile(dir, epoch)).certificate();
    }

    private static Path epochFile(Path dir, int epoch) {
        return dir.resolve(String.format(Locale.ROOT, "%010d.json", epoch));
    }

    /** Opens the newest epoch on disk, if it can be used. Asks the platform nothing. */
    public void open() throws IOException {
        Files.createDirectories(dir);
        List<Path> files;
        try (Stream<Path> all = Files.list(dir)) {
            files = all.filter(file -> file.getFileName().toString().matches("\\d{10}\\.json"))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
        for (Path file : files) {
            int number = Integer.parseInt(file.getFileName().toString().substring(0, 10));
            try {
                Stored stored = Stored.read(file);
                certificates.put(number, stored.certificate());
                if (file.equals(files.getLast()) && identity.platformKey().isPresent()) {
                    current = Optional.of(take(number, stored));
                }
            } catch (MalformedException | IOException e) {
                LOG.warn("epoch {} cannot be used again: {}", number, Reasons.of(e));
            }
        }
        spool.dropFinished(current.map(Epoch::number).orElse(0));
    }

    private Epoch take(int number, Stored stored) throws IOException {
        EpochSpool batches = spool.epoch(number);
        if (!batches.isUsable()) {
            throw new MalformedException("epoch/spool", "its spool is damaged");
        }
        Numbers numbers = Numbers.open(disk, numbersFile(number), reservationBlock, batches.last());
        return epoch(number, stored, numbers);
    }

    private Epoch epoch(int number, Stored stored, Numbers numbers) {
        Signer signer = ed25519.signer(stored.seed());
        EdgeCertificate certificate = verified(stored.certificate(), new DidKey(signer.publicKey()));
        if (certificate.epoch() != number) {
            throw new MalformedException("epoch/number", "its certificate is for epoch " + certificate.epoch());
        }
        Epoch epoch = new Epoch(certificate, stored.certificate(), signer, stored.seed(), numbers, spool.epoch(number));
        opened.add(epoch);
        return epoch;
    }

    private EdgeCertificate verified(String compact, DidKey own) {
        DidKey trusted = identity.platformKey()
                .orElseThrow(() -> new IllegalStateException("no certificate is judged without the platform's key"));
        EdgeCertificate certificate = EdgeCertificate.verify(compact, trusted, ed25519.verifier());
        if (certificate.edge() != identity.edge() || !certificate.key().equals(own)) {
            throw new MalformedException("epoch/certificate", "the certificate is not for this edge's key");
        }
        return certificate;
    }

    /** The epoch new leaves belong to, if there is one. */
    public Optional<Epoch> current() {
        return current;
    }

    /** A certificate of this edge as the platform signed it. */
    public Optional<String> certificate(int epoch) {
        return Optional.ofNullable(certificates.get(epoch));
    }

    /**
     * Begins a new epoch where one is needed.
     *
     * @throws IOException where it is needed and cannot be had now
     */
    public void upkeep() throws IOException {
        if (!isNeeded(clock.instant()) || standing.isRevoked()) {
            return;
        }
        byte[] seed = pendingSeed();
        Signer signer = ed25519.signer(seed);
        DidKey key = new DidKey(signer.publicKey());
        byte[] message = ("tallystick/edge-key/v1\n" + identity.edge() + "\n" + key).getBytes(StandardCharsets.UTF_8);
        String compact;
        try {
            compact = platform.certify(identity.edge(), key, signer.sign(message));
        } catch (PlatformClient.PlatformException e) {
            if (e.type().equals("delivery/edge-revoked")) {
                standing.revoke();
            }
            throw e;
        }
        begin(seed, compact, key);
    }

    private void begin(byte[] seed, String compact, DidKey key) throws IOException {
        EdgeCertificate certificate;
        try {
            certificate = verified(compact, key);
        } catch (MalformedException e) {
            throw new IOException("the platform's certificate is not valid: " + e.detail(), e);
        }
        int number = certificate.epoch();
        if (certificates.containsKey(number) || spool.epoch(number).last() > 0) {
            throw new IOException("the platform gave epoch " + number + ", which this edge has used before");
        }
        Stored stored = new Stored(seed, compact);
        Numbers numbers = Numbers.create(disk, numbersFile(number), reservationBlock);
        disk.replace(
                epochFile(dir, number),
                Jcs.bytes(Json.object()
                        .put("seed", Base64Url.encode(seed))
                        .put("certificate", compact)
                        .build()),
                true);
        certificates.put(number, compact);
        issuedNanos = Optional.of(System.nanoTime());
        issued++;
        current = Optional.of(epoch(number, stored, numbers));
        LOG.info("edge {} begins epoch {}, valid until {}", identity.edge(), number, certificate.expires());
        try {
            disk.delete(pendingFile());
        } catch (IOException e) {
            LOG.warn("the key of epoch {} still lies where it waited: {}", number, e.toString());
        }
    }

    private boolean isNeeded(Instant now) {
        if (current.isEmpty()) {
            return true;
        }
        Epoch epoch = current.get();
        Instant expires = epoch.certificate().expires();
        Duration validity = Duration.between(epoch.certificate().notBefore(), expires);
        if (issuedNanos.isPresent()) {
            Duration since = Duration.ofNanos(System.nanoTime() - issuedNanos.get());
            if (since.compareTo(shorter(spacing(issued), validity.dividedBy(20))) < 0) {
                return false; // the fault may be our clock, disk or platform: do not ask for key after key
            }
        }
        Duration margin = shorter(validity.dividedBy(10), LONGEST_MARGIN);
        return !epoch.spool().isUsable() || !now.isBefore(expires.minus(margin));
    }

    /**
     * How long to wait for the next epoch after {@code issued} of them: nothing for the first two, then 1 s, 2 s, 4 s,
     * … 1 h.
     */
    private static Duration spacing(int issued) {
        return issued < 2
                ? Duration.ZERO
                : shorter(Duration.ofSeconds(1L << Math.min(issued - 2, 12)), LONGEST_SPACING);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    /**
     * The seed of the key to ask a certificate for: one left on disk by a crash, else a new one, written to disk first.
     */
    private byte[] pendingSeed() throws IOException {
        if (Files.exists(pendingFile())) {
            try {
                byte[] seed = Base64Url.decode(
                        Fields.of(Json.parseObject(Files.readAllBytes(pendingFile())), "pending")
                                .text("seed"),
                        "epoch/seed");
                if (seed.length == 32 && !isStored(seed)) {
                    return seed;
                }
            } catch (MalformedException e) {
                LOG.warn("the waiting key cannot be read: {}", e.detail());
            }
        }
        byte[] seed = new byte[32];
        new SecureRandom().nextBytes(seed);
        disk.replace(
                pendingFile(),
                Jcs.bytes(Json.object().put("seed", Base64Url.encode(seed)).build()),
                true);
        return seed;
    }

    /**
     * Whether an epoch with this key is stored already: a crash came before the file of the waiting key was deleted.
     */
    private boolean isStored(byte[] seed) {
        DidKey key = new DidKey(ed25519.signer(seed).publicKey());
        return certificates.values().stream().anyMatch(compact -> {
            try {
                return verified(compact, key).key().equals(key);
            } catch (MalformedException e) {
                return false; // a certificate of another key
            }
        });
    }

    private Path pendingFile() {
        return dir.resolve("pending.json");
    }

    private Path numbersFile(int number) {
        return dir.resolve(String.format(Locale.ROOT, "%010d.numbers", number));
    }

    /** Gives unused reserved numbers back on disk. To be called once nothing is sealed any more. */
    public void close() throws IOException {
        for (Epoch epoch : opened) {
            epoch.numbers().close();
        }
    }
}
