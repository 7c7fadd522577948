package org.tallystick.protocol.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Fuzz;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Vectors;
import org.tallystick.protocol.tree.MerkleTreeTest;

/** Names and bytes of tiles, and {@code vectors/tiles.json}. */
class TilePathTest {
    private static final String[][] PATHS = {
        {"tile/0/000"},
        {"tile/0/000.p/1"},
        {"tile/0/999.p/255"},
        {"tile/0/x001/000"},
        {"tile/1/x001/x234/067.p/8"},
        {"tile/63/000.p/1"},
        {"tile/entries/000"},
        {"tile/entries/x001/x234/067.p/17"},
        {"tile/0/x009/x223/x372/x036/x854/x775/807"},
        {"tile/64/000", "tile/level"},
        {"tile/00/000", "tile/path"},
        {"tile/-1/000", "tile/path"},
        {"tile/0/0", "tile/path"},
        {"tile/0/0000", "tile/path"},
        {"tile/0/x000/001", "tile/path"},
        {"tile/0/001/000", "tile/path"},
        {"tile/0/x001/x000", "tile/path"},
        {"tile/0/000.p/0", "tile/width"},
        {"tile/0/000.p/256", "tile/path"},
        {"tile/0/000.p/257", "tile/width"},
        {"tile/0/000.p/01", "tile/path"},
        {"tile/0/000.p/", "tile/path"},
        {"tile/0/000/p/1", "tile/path"},
        {"/tile/0/000", "tile/path"},
        {"tile/0/../000", "tile/path"},
        {"tile/Entries/000", "tile/path"},
        {"tile/data/000", "tile/path"},
        {"tile/0/x999/x999/x999/x999/x999/x999/999", "tile/index"},
        {"tile/0/x009/x223/x372/x036/x854/x775/808", "tile/index"},
        {"", "tile/path"},
        {"checkpoint", "tile/path"}
    };
    private static final Object[][] BUNDLES = {
        {"one entry", "0003616263", 1, ""},
        {"three, one of them empty", "00016100000002" + "6263", 3, ""},
        {"more than asked for", "0001610001" + "62", 1, "bundle/width"},
        {"fewer than asked for", "000161", 2, "bundle/truncated"},
        {"nothing", "", 1, "bundle/truncated"},
        {"half a length", "00016100", 2, "bundle/truncated"},
        {"entry cut off", "000361" + "62", 1, "bundle/truncated"},
        {"length beyond the end", "ffff61", 1, "bundle/truncated"}
    };

    @Test
    void theFileIsWhatTheTablesSay() {
        List<Json> cases = new ArrayList<>();
        for (String[] row : PATHS) {
            Json.Builder made = Json.object().put("kind", "path").put("path", row[0]);
            if (row.length > 1) {
                made.put("reason", row[1]);
            } else {
                TilePath path = TilePath.parse(row[0]);
                made.put("level", path.level() == TilePath.ENTRIES ? "entries" : String.valueOf(path.level()))
                        .put("index", String.valueOf(path.index()))
                        .put("width", path.width());
            }
            cases.add(made.build());
        }
        for (Object[] row : BUNDLES) {
            Json.Builder made = Json.object()
                    .put("kind", "bundle")
                    .put("name", (String) row[0])
                    .put("bytes", (String) row[1])
                    .put("width", (int) row[2]);
            if (!row[3].equals("")) {
                made.put("reason", (String) row[3]);
            } else {
                List<byte[]> entries = EntryBundle.decode(HexFormat.of().parseHex((String) row[1]), (int) row[2]);
                made.put(
                        "entries",
                        Json.strings(
                                entries.stream().map(HexFormat.of()::formatHex).toList()));
            }
            cases.add(made.build());
        }
        Vectors.matches("tiles.json", "Paths of tiles and bytes of entry bundles; broken ones with the reason", cases);
    }

    @Test
    void theCodeAgreesWithTheFile() {
        for (Fields vector : Vectors.cases("tiles.json")) {
            boolean path = vector.text("kind").equals("path");
            Runnable decode = path ? () -> path(vector) : () -> bundle(vector);
            Optional<String> reason = vector.optionalText("reason");
            if (reason.isPresent()) {
                CheckpointTest.assertReason(decode, reason.get());
            } else {
                decode.run();
            }
        }
    }

    private static void path(Fields vector) {
        TilePath path = TilePath.parse(vector.text("path"));
        assertThat(path).hasToString(vector.text("path"));
        assertThat(String.valueOf(path.index())).isEqualTo(vector.text("index"));
        assertThat(path.width()).isEqualTo((int) vector.integer("width", 1, 256));
        assertThat(path.level() == -1 ? "entries" : String.valueOf(path.level()))
                .isEqualTo(vector.text("level"));
    }

    private static void bundle(Fields vector) {
        byte[] bytes = HexFormat.of().parseHex(vector.text("bytes"));
        List<byte[]> entries = EntryBundle.decode(bytes, (int) vector.integer("width", 1, 256));
        assertThat(entries.stream().map(HexFormat.of()::formatHex)).isEqualTo(vector.strings("entries"));
        assertThat(EntryBundle.encode(entries)).isEqualTo(bytes);
    }

    /** The example of the specification: a tree of 70 000. */
    @Test
    void tilesOfATree() {
        assertThat(TilePath.levels(70_000)).isEqualTo(3);
        assertThat(TilePath.covering(0, 0, TilePath.hashesAt(0, 70_000)))
                .hasSize(274)
                .last()
                .hasToString("tile/0/273.p/112");
        assertThat(TilePath.covering(1, 0, TilePath.hashesAt(1, 70_000)).stream()
                        .map(TilePath::toString))
                .containsExactly("tile/1/000", "tile/1/001.p/17");
        assertThat(TilePath.covering(2, 0, TilePath.hashesAt(2, 70_000)).stream()
                        .map(TilePath::toString))
                .containsExactly("tile/2/000.p/1");
        assertThat(TilePath.levels(256)).isEqualTo(2);
        assertThat(TilePath.levels(0)).isZero();
        assertThat(TilePath.levels(Long.MAX_VALUE)).isEqualTo(8);
        assertThat(TilePath.covering(0, 256, 256)).isEmpty();
        assertThat(TilePath.covering(0, 255, 513).stream().map(TilePath::toString))
                .containsExactly("tile/0/000", "tile/0/001", "tile/0/002.p/1");
    }

    @Test
    void everyPathRoundTrips() {
        Seeds.check(500, random -> {
            int level = random.nextInt(-1, 64);
            long index = random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63);
            TilePath path = new TilePath(level, index, random.nextInt(1, 257));
            assertThat(TilePath.parse(path.toString())).isEqualTo(path);
            assertThat(path.full().isFull()).isTrue();
        });
    }

    @Test
    void fuzzedPathsAndBundles() {
        byte[] path = "tile/0/x001/x234/067.p/8".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        byte[] bundle = EntryBundle.encode(MerkleTreeTest.entries(20));
        Seeds.check(2000, random -> {
            String text = new String(Fuzz.mutate(random, path), java.nio.charset.StandardCharsets.ISO_8859_1);
            try {
                assertThat(TilePath.parse(text)).hasToString(text);
            } catch (MalformedException e) {
                assertThat(e.reason()).startsWith("tile/");
            }
            byte[] bytes = Fuzz.mutate(random, bundle);
            try {
                assertThat(EntryBundle.encode(EntryBundle.decode(bytes, 20))).isEqualTo(bytes);
            } catch (MalformedException e) {
                assertThat(e.reason()).startsWith("bundle/");
            }
        });
    }

    @Test
    void bundlesHaveTheirLimits() {
        CheckpointTest.assertReason(() -> EntryBundle.encode(List.of()), "bundle/width");
        CheckpointTest.assertReason(() -> EntryBundle.encode(MerkleTreeTest.entries(257)), "bundle/width");
        CheckpointTest.assertReason(() -> EntryBundle.encode(List.of(new byte[65_536])), "bundle/entry-too-long");
        assertThat(EntryBundle.decode(EntryBundle.encode(List.of(new byte[65_535])), 1)
                        .getFirst())
                .hasSize(65_535);
        assertThat(EntryBundle.decodeFirst(EntryBundle.encode(MerkleTreeTest.entries(9)), 4))
                .hasSize(4);
    }
}
