package org.tallystick.protocol.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Sha256;
import org.tallystick.protocol.codec.Vectors;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.tree.MerkleTree;

/** What a close commits to of uses, to the byte, and that an opening shows one creator's works and no other's. */
class UsageTreeTest {
    private static final String SET = UsageNames.set("cnf-1", "job-1", Scope.TRAINING);
    private static final String OTHER = UsageNames.set("cnf-1", "job-2", Scope.EMBEDDING);
    private static final ContractKey CONTRACT = new ContractKey(secret("contract"));
    private static final Hash INVOICE = secret("invoice");

    private static Hash secret(String text) {
        return Sha256.hash(text.getBytes(StandardCharsets.UTF_8));
    }

    private static SetKey key(String name) {
        return new SetKey(secret(name));
    }

    /** Three creators: one work, 300 works, 5 works. */
    private static final Creators CREATORS = new Creators(new int[] {0, 1, 301, 306});

    private static CommittedUsage usage() {
        return new CommittedUsage(
                "cnf-1",
                CONTRACT,
                CREATORS,
                List.of(
                        new CommittedUsage.UsedSet(SET, key(SET), List.of(0, 1, 8, 256, 257, 300, 305)),
                        new CommittedUsage.UsedSet(OTHER, key(OTHER), List.of(2))),
                List.of(
                        CommittedUsage.amount(CONTRACT, "creator-1", "0.004", 4_000, secret("lines")),
                        CommittedUsage.amount(CONTRACT, "creator-2", "0.02000000001", 20_000, secret("lines")),
                        CommittedUsage.amount(CONTRACT, "curator-1", "0", 0, secret("lines"))),
                INVOICE);
    }

    @Test
    void matchesTheGoldenVectors() {
        List<Json> cases = new ArrayList<>();
        for (String name : List.of(SET, OTHER)) {
            UsageTree tree = java.util.Objects.requireNonNull(usage().trees().get(UsageNames.id(name)));
            CreatorOpening opening = tree.open(1);
            cases.add(Json.object()
                    .put("name", name)
                    .put("set", UsageNames.id(name).hex())
                    .put("set_key", key(name).secret().hex())
                    .put("usage_root", tree.root().hex())
                    .put("blocks_root", opening.blocks().root().hex())
                    .put("creator", opening.json())
                    .build());
        }
        ContractOpening all = usage().open(1, true, 1);
        ContractOpening nothing = usage().open(-1, false, 2);
        for (ContractOpening opening : List.of(all, nothing, all.withoutAmount())) {
            cases.add(Json.object()
                    .put("contract_key", CONTRACT.secret().hex())
                    .put("opening", opening.json())
                    .put(
                            "node",
                            java.util.HexFormat.of().formatHex(opening.node().encode()))
                    .put("leaf", opening.node().leafHash().hex())
                    .build());
        }
        for (Broken broken : broken(all.json())) {
            cases.add(Json.object()
                    .put("broken", broken.opening())
                    .put("reason", broken.reason())
                    .build());
        }
        Vectors.matches("usage.json", "What a close commits to of uses and amounts, and openings of it", cases);
    }

    /** An opening that does not lead to the node of the right one, and why: {@code another node}, or the reason of a refusal. */
    private record Broken(Json.Obj opening, String reason) {}

    private static List<Broken> broken(Json.Obj good) {
        Json.Obj set = (Json.Obj) Fields.of(good, "o").array("sets").getFirst();
        Json.Obj creator = Fields.of(set, "s").fields("creator").object();
        String blocks = Fields.of(creator, "c").text("blocks");
        List<Broken> broken = new ArrayList<>();
        broken.add(new Broken(good.with("works", Json.of(307)), "another node"));
        broken.add(new Broken(good.with("creators", Json.of(4)), "another node"));
        broken.add(new Broken(good.with("creators", Json.of(5)), "proof/length"));
        broken.add(new Broken(good.with("creators", Json.of(1)), "proof/index"));
        broken.add(new Broken(good.with("payees", Json.of(9)), "proof/length"));
        broken.add(new Broken(good.with("sets", Json.array(List.of(set))), "another node"));
        broken.add(new Broken(good.with("sets", Json.array(List.of(set, set))), "usage/contract"));
        broken.add(new Broken(good.without("amount"), "usage/contract"));
        broken.add(new Broken(with(good, set.with("usage", Json.of(INVOICE.hex()))), "usage/set"));
        broken.add(new Broken(with(good, set.without("used")), "usage/set"));
        for (String changed : List.of("A" + blocks.substring(1), "Y" + blocks.substring(1))) {
            broken.add(new Broken(
                    with(good, set.with("creator", creator.with("blocks", Json.of(changed)))), "another node"));
        }
        broken.add(new Broken(
                with(good, set.with("creator", creator.with("blocks", Json.of(blocks.substring(64))))),
                "usage/blocks"));
        broken.add(new Broken(
                with(
                        good,
                        set.with(
                                "creator",
                                creator.with(
                                        "blocks",
                                        Json.of("AAAA" + blocks.substring(4, 124) + "_w" + blocks.substring(126))))),
                "another node"));
        broken.add(new Broken(with(good, set.with("creator", creator.with("creator", Json.of(0)))), "another node"));
        broken.add(new Broken(with(good, set.with("creator", creator.with("from", Json.of(0)))), "usage/blocks"));
        broken.add(new Broken(with(good, set.with("creator", creator.with("to", Json.of(302)))), "another node"));
        return broken;
    }

    private static Json.Obj with(Json.Obj good, Json.Obj set) {
        List<Json> sets = new ArrayList<>(Fields.of(good, "o").array("sets"));
        sets.set(0, set);
        return good.with("sets", Json.array(sets));
    }

    @Test
    void openingsInTheVectorsLeadToTheNodeOrAreRefused() {
        Hash node = usage().node().leafHash();
        int seen = 0;
        for (Fields vector : Vectors.cases("usage.json")) {
            if (vector.object().get("opening").isPresent()) {
                assertThat(ContractOpening.of(vector.fields("opening")).node().leafHash())
                        .isEqualTo(node);
                seen++;
            }
            if (vector.object().get("broken").isPresent()) {
                assertThat(outcome(vector.fields("broken"), node))
                        .as(vector.object().toString())
                        .isEqualTo(vector.text("reason"));
                seen++;
            }
        }
        assertThat(seen).isEqualTo(3 + broken(usage().open(1, true, 1).json()).size());
    }

    private static String outcome(Fields opening, Hash node) {
        try {
            return ContractOpening.of(opening).node().leafHash().equals(node) ? "the node" : "another node";
        } catch (MalformedException e) {
            return e.reason();
        }
    }

    @Test
    void treesOfRandomVersionsAreWhatListsComeTo() {
        Seeds.check(40, random -> {
            Creators creators = creators(random);
            TreeSet<Integer> used = new TreeSet<>();
            int works = creators.works();
            random.ints(random.nextInt(2 * works), 0, works).forEach(used::add);
            SetKey key = new SetKey(Hash.of(Seeds.bytes(random, 32)));
            long[] bits = CommittedUsage.bits(creators, List.copyOf(used));
            Hash expected = naive(key, creators, used);
            assertThat(UsageTree.root(key, creators, bits)).isEqualTo(expected);
            UsageTree tree = UsageTree.of(key, creators, bits);
            assertThat(tree.root()).isEqualTo(expected);
            long counted = 0;
            for (int g = 0; g < creators.count(); g++) {
                CreatorOpening opening = tree.open(g);
                assertThat(opening.root(creators.count())).isEqualTo(expected);
                assertThat(CreatorOpening.of(Fields.of(opening.json(), "opening")))
                        .isEqualTo(opening);
                for (int work = creators.from(g); work < creators.to(g); work++) {
                    assertThat(opening.used(work)).isEqualTo(used.contains(work));
                }
                counted += opening.blocks().usedWorks();
            }
            assertThat(counted).isEqualTo(used.size());
        });
    }

    private static Creators creators(SplittableRandom random) {
        int[] starts = new int[2 + random.nextInt(20)];
        for (int g = 1; g < starts.length; g++) {
            starts[g] = starts[g - 1] + 1 + random.nextInt(random.nextInt(4) == 0 ? 700 : 3);
        }
        return new Creators(starts);
    }

    /** As docs/formats.md says it, work by work. */
    private static Hash naive(SetKey key, Creators creators, Set<Integer> used) {
        List<Hash> leaves = new ArrayList<>();
        for (int g = 0; g < creators.count(); g++) {
            List<Hash> blocks = new ArrayList<>();
            for (int first = creators.from(g); first < creators.to(g); first += 256) {
                byte[] block = new byte[48];
                for (int i = 0; i < 256 && first + i < creators.to(g); i++) {
                    if (used.contains(first + i)) {
                        block[i / 8] |= (byte) (1 << (i % 8));
                    }
                }
                byte[] salt = Sha256.hash(ByteBuffer.allocate(40)
                                .put(key.secret().toBytes())
                                .putInt(g)
                                .putInt(blocks.size())
                                .array())
                        .toBytes();
                System.arraycopy(salt, 0, block, 32, 16);
                blocks.add(MerkleTree.leafHash(block));
            }
            ByteArrayOutputStream leaf = new ByteArrayOutputStream();
            leaf.write(1);
            leaf.writeBytes(ByteBuffer.allocate(12)
                    .putInt(g)
                    .putInt(creators.from(g))
                    .putInt(creators.to(g))
                    .array());
            leaf.writeBytes(MerkleTree.root(blocks).toBytes());
            leaves.add(MerkleTree.leafHash(leaf.toByteArray()));
        }
        return MerkleTree.root(leaves);
    }

    @Test
    void aNodeIsReadAsItIsWritten() {
        ContractNode node = usage().node();
        assertThat(ContractNode.decode(node.encode())).isEqualTo(node);
        byte[] other = node.encode();
        other[0] = 2;
        assertThatThrownBy(() -> ContractNode.decode(other)).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> ContractNode.decode(new byte[152])).isInstanceOf(MalformedException.class);
    }

    @Test
    void amountsBelowNothingAndOtherTextsAreRefused() {
        Json.Obj good = usage().open(1, true, 1).amount().orElseThrow().leaf().json();
        assertThat(AmountLeaf.of(Fields.of(good, "leaf")).json()).isEqualTo(good);
        assertThatThrownBy(() -> AmountLeaf.of(Fields.of(good.with("posted", Json.of("-1.000000")), "leaf")))
                .isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> AmountLeaf.of(Fields.of(good.with("due", Json.of("-1")), "leaf")))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void aCreatorWithoutWorksAndWorksWithoutACreatorAreRefused() {
        assertThatThrownBy(() -> new Creators(new int[] {0, 3, 3})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Creators(new int[] {1, 3})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> UsageTree.root(key(SET), CREATORS, new long[1]))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void secretsAreNotPrinted() {
        assertThat(key(SET)).hasToString("SetKey");
        assertThat(CONTRACT).hasToString("ContractKey");
        assertThat(Optional.of(CONTRACT.amountSalt("a"))).isNotEqualTo(Optional.of(CONTRACT.amountSalt("b")));
    }
}
