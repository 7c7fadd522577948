package org.tallystick.protocol.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tallystick.protocol.codec.Fuzz;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.codec.Vectors;

/** A packed bundle gives back the bundle to the byte, is a fifth of it, and never anything worse than a refusal. */
class PackedBundleTest {
    private static final HexFormat HEX = HexFormat.of();

    /** Lists of works and which of them a token is for. */
    private static final class Shelf {
        final Map<Hash, byte[]> lists = new HashMap<>();
        final Map<TokenId, BundlePacker.Works> tokens = new HashMap<>();

        void put(TokenId token, List<ContentId> works) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Map<Hash, Integer> ordinals = new HashMap<>();
            for (ContentId work : works) {
                ordinals.put(work.hash(), ordinals.size());
                bytes.writeBytes(work.hash().toBytes());
            }
            Hash list = Sha256.hash(bytes.toByteArray());
            lists.put(list, bytes.toByteArray());
            tokens.put(
                    token,
                    new BundlePacker.Works(list, (a, b, c, d) -> ordinals.getOrDefault(new Hash(a, b, c, d), -1)));
        }

        byte[] list(Hash hash) {
            return Optional.ofNullable(lists.get(hash)).orElseThrow();
        }

        byte[] pack(byte[] bundle) {
            return BundlePacker.pack(bundle, token -> Optional.ofNullable(tokens.get(token)));
        }

        byte[] unpack(byte[] packed) {
            return PackedBundle.decode(packed).unpack(this::list);
        }
    }

    private static Shelf shelf() {
        Shelf shelf = new Shelf();
        List<ContentId> works = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            works.add(ContentId.of(("work " + i).getBytes(StandardCharsets.UTF_8)));
        }
        shelf.put(Deliveries.GRANT.tokenId(), works);
        return shelf;
    }

    private static byte[] bundle(int... counts) {
        return bundle(LeafForm.CURRENT, counts);
    }

    private static byte[] bundle(LeafForm form, int... counts) {
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        Hash previous = BatchHeader.NONE;
        long first = 1;
        for (int count : counts) {
            Batch batch = Deliveries.batch(form, first, count, previous);
            previous = batch.header().hash();
            first += count;
            bundle.writeBytes(batch.encode());
        }
        return bundle.toByteArray();
    }

    @ParameterizedTest
    @EnumSource(LeafForm.class)
    void matchesTheGoldenVectors(LeafForm form) {
        List<Json.Obj> cases = new ArrayList<>();
        Shelf known = shelf();
        for (int[] counts : new int[][] {{1}, {2, 3}, {7}}) {
            cases.add(one(bundle(form, counts), known));
        }
        cases.add(one(bundle(form, 2), new Shelf()));
        byte[] good = known.pack(bundle(form, 2, 3));
        cases.add(refused(Arrays.copyOf(good, good.length - 1)));
        cases.add(refused(Arrays.copyOf(good, good.length + 1)));
        cases.add(refused(changed(good, 4)));
        cases.add(refused(changed(good, 8)));
        Vectors.matches(
                form == LeafForm.ONE ? "packed-bundle.json" : "packed-bundle-2.json",
                "Bundles and their packed form; broken ones with the reason",
                cases);
    }

    private static Json.Obj one(byte[] bundle, Shelf shelf) {
        byte[] packed = shelf.pack(bundle);
        assertThat(shelf.unpack(packed)).isEqualTo(bundle);
        Json.Builder json = Json.object().put("bundle", HEX.formatHex(bundle)).put("packed", HEX.formatHex(packed));
        shelf.lists.values().forEach(list -> json.put("works", HEX.formatHex(list)));
        return json.build();
    }

    private static Json.Obj refused(byte[] packed) {
        Shelf shelf = shelf();
        assertThatThrownBy(() -> shelf.unpack(packed))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo("pack/malformed"));
        return Json.object()
                .put("packed", HEX.formatHex(packed))
                .put("refused", "pack/malformed")
                .build();
    }

    private static byte[] changed(byte[] good, int at) {
        byte[] bytes = good.clone();
        bytes[at] ^= 1;
        return bytes;
    }

    @Test
    void givesBackWhateverAnEdgeMayLeave() {
        Seeds.check(60, random -> {
            Shelf shelf = new Shelf();
            byte[] bundle = random(random, shelf, 200);
            byte[] packed = shelf.pack(bundle);
            PackedBundle read = PackedBundle.decode(packed);
            assertThat(read.length()).isEqualTo(bundle.length).isEqualTo(PackedBundle.lengthOf(packed));
            assertThat(read.unpack(shelf::list)).isEqualTo(bundle);
            assertThat(shelf.lists.keySet()).containsAll(read.lists());
            int from = random.nextInt(bundle.length);
            int to = from + random.nextInt(bundle.length - from + 1);
            assertThat(Arrays.copyOfRange(read.unpack(from, to, shelf::list), from, to))
                    .isEqualTo(Arrays.copyOfRange(bundle, from, to));
        });
    }

    @Test
    void isAFifth() {
        Shelf shelf = shelf();
        byte[] bundle = bundle(1024, 1024, 1024);
        assertThat(shelf.pack(bundle)).hasSizeLessThan(bundle.length / 5);
    }

    /** It is the hash of what comes out that tells; but whatever a disk may do, something comes out or is refused. */
    @Test
    void anyFlippedBitIsRefusedOrShowsInTheBundle() {
        Shelf shelf = shelf();
        byte[] bundle = bundle(3, 5);
        byte[] packed = shelf.pack(bundle);
        int unchanged = 0;
        for (int bit = 0; bit < 8 * packed.length; bit++) {
            byte[] flipped = packed.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                byte[] found = PackedBundle.decode(flipped).unpack(list -> shelf.lists.getOrDefault(list, new byte[0]));
                unchanged += Arrays.equals(found, bundle) ? 1 : 0;
            } catch (MalformedException e) {
                assertThat(e.reason()).matches("(pack|batch)/[a-z-]+");
            }
        }
        assertThat(unchanged).as("bits that fill up a byte").isLessThan(16);
    }

    @Test
    void damagedBytesAreRefusedOrGiveBytes() {
        Shelf shelf = new Shelf();
        byte[] packed = shelf.pack(random(new SplittableRandom(5), shelf, 30));
        Seeds.check(20_000, random -> {
            try {
                PackedBundle.decode(Fuzz.mutate(random, packed))
                        .unpack(list -> shelf.lists.getOrDefault(list, new byte[0]));
            } catch (MalformedException e) {
                assertThat(e.reason()).matches("(pack|batch)/[a-z-]+");
            }
        });
    }

    /** Batches of every kind of leaf under a few tokens; some of works or under tokens nobody knows. */
    private static byte[] random(SplittableRandom random, Shelf shelf, int most) {
        List<TokenId> tokens = new ArrayList<>();
        Map<TokenId, List<ContentId>> works = new HashMap<>();
        for (int i = 0; i < 1 + random.nextInt(20); i++) {
            List<ContentId> own = new ArrayList<>();
            for (int w = 0; w < 1 + random.nextInt(300); w++) {
                own.add(new ContentId(Hash.of(Seeds.bytes(random, 32))));
            }
            TokenId token = new TokenId(Seeds.bytes(random, TokenId.LENGTH));
            tokens.add(token);
            works.put(token, own);
            if (random.nextInt(10) != 0) {
                shelf.put(token, own);
            }
        }
        ByteArrayOutputStream bundle = new ByteArrayOutputStream();
        Hash previous = BatchHeader.NONE;
        long sequence = 1 + random.nextLong(1L << random.nextInt(1, 60));
        int spread = random.nextInt(1, 62);
        for (int b = 1 + random.nextInt(4); b > 0; b--) {
            LeafForm form = random.nextInt(3) == 0 ? LeafForm.ONE : LeafForm.TWO;
            int widest = form == LeafForm.ONE ? 62 : 48;
            byte[] leaves = new byte[(1 + random.nextInt(most)) * form.length()];
            boolean stray = random.nextInt(4) == 0;
            for (int at = 0; at < leaves.length; at += form.length(), sequence++) {
                TokenId token = tokens.get(random.nextInt(tokens.size()));
                List<ContentId> own = java.util.Objects.requireNonNull(works.get(token));
                LeafKind kind = LeafKind.ofCode(1 + random.nextInt(sequence == 1 ? 4 : form == LeafForm.ONE ? 5 : 6));
                long back = 1 + random.nextLong(Math.max(1, Math.min(sequence - 1, (1L << 32) - 1)));
                boolean hasBytes = kind == LeafKind.FULL || kind == LeafKind.PARTIAL || kind == LeafKind.CUT;
                new Leaf(
                                form,
                                kind,
                                Scope.ofCode(1 + random.nextInt(4)),
                                random.nextBoolean(),
                                form != LeafForm.ONE && kind.meters() && random.nextBoolean(),
                                7,
                                9,
                                sequence,
                                random.nextLong(1L << random.nextInt(1, widest)),
                                token,
                                stray && random.nextInt(9) == 0
                                        ? new ContentId(Hash.of(Seeds.bytes(random, 32)))
                                        : own.get(random.nextInt(own.size())),
                                form != LeafForm.ONE && kind == LeafKind.PARTIAL ? random.nextLong(1L << 47) : 0,
                                hasBytes ? 1 + random.nextLong(1L << Math.min(spread, widest - 1)) / 2048 : 0,
                                kind.refers() ? sequence - back : 0,
                                Seeds.bytes(random, Leaf.SALT_LENGTH))
                        .encode(leaves, at);
            }
            Batch batch = Batch.seal(leaves, previous, Deliveries.EDGE);
            previous = batch.header().hash();
            bundle.writeBytes(batch.encode());
        }
        return bundle.toByteArray();
    }
}
