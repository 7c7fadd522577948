package org.tallystick.protocol.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Fuzz;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Vectors;
import org.tallystick.protocol.receipt.Deliveries;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.NoteKey;
import org.tallystick.protocol.sign.NoteSigner;
import org.tallystick.protocol.sign.SignedNote;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.tree.MerkleTree;
import org.tallystick.protocol.tree.MerkleTreeTest;

/** Notes, checkpoints and proofs in their text forms, and {@code vectors/checkpoint.json}. */
public class CheckpointTest {
    private static final NoteSigner LOG =
            new NoteSigner("log.example/tally", JdkEd25519.ofSeed(Deliveries.seed("log")));
    private static final NoteSigner OTHER =
            new NoteSigner("other.example", JdkEd25519.ofSeed(Deliveries.seed("other")));
    private static final NoteKey KEY = LOG.key();
    private static final Verifier VERIFIER = JdkEd25519.verifier();
    private static final List<byte[]> ENTRIES = MerkleTreeTest.entries(7);
    private static final Hash ROOT = MerkleTree.root(MerkleTreeTest.hashes(ENTRIES));
    private static final Checkpoint CHECKPOINT = new Checkpoint("log.example/tally", 7, ROOT);
    private static final SignedNote NOTE = CHECKPOINT.sign(LOG);

    /** The example of the C2SP signed-note specification. */
    @Test
    void theExampleOfTheSpecification() {
        NoteKey key = NoteKey.parse("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
        SignedNote note = SignedNote.parse(utf8("This is an example message.\n\n— example.com/foo "
                + "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"));
        assertThat(note.verify(List.of(key), VERIFIER)).containsExactly(key);
        assertThat(note.text()).isEqualTo("This is an example message.\n");
        assertThat(key.toString()).isEqualTo("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k");
    }

    @Test
    void theFileIsWhatTheCodeMakes() {
        List<Json> cases = new ArrayList<>();
        cases.add(vector("signed", NOTE.toString(), Optional.empty()));
        cases.add(vector("empty tree", empty().sign(LOG).toString(), Optional.empty()));
        cases.add(vector("signed by a witness too", witnessed().toString(), Optional.empty()));
        for (String[] broken : broken()) {
            cases.add(vector(broken[0], broken[1], Optional.of(broken[2])));
        }
        Vectors.matches(
                "checkpoint.json", "Signed checkpoints by the log with that key; broken ones with the reason", cases);
    }

    private static List<String[]> broken() {
        String text = CHECKPOINT.text();
        String note = NOTE.toString();
        String line = note.substring(text.length() + 1);
        String big = "99999999999999999999";
        return List.of(
                new String[] {"size changed", note.replace("\n7\n", "\n8\n"), "note/signature"},
                new String[] {"origin changed", note.replaceFirst("tally\n", "tallz\n"), "note/signature"},
                new String[] {"signature by another", signed(text, OTHER), "note/unknown-signer"},
                new String[] {"no signature", text + "\n", "note/no-signatures"},
                new String[] {"no blank line", text + line, "note/no-signatures"},
                new String[] {"cut off", note.substring(0, note.length() - 1), "note/no-signatures"},
                new String[] {"signature cut", note.replace("=\n\n", "\n\n"), "note/signature"},
                new String[] {"hyphen for dash", note.replace("— ", "- "), "note/signature-line"},
                new String[] {
                    "name missing", text + "\n— " + line.substring(line.lastIndexOf(' ') + 1), "note/signature-line"
                },
                new String[] {"two spaces", note.replace("— log", "—  log"), "note/signature-line"},
                new String[] {"loose base64", looseBits(note), "note/signature-line"},
                new String[] {"carriage return", note.replace("\n7\n", "\r\n7\r\n"), "note/characters"},
                new String[] {"tab", note.replace("\n7\n", "\n7\t\n"), "note/characters"},
                new String[] {"too many signatures", text + "\n" + line.repeat(101), "note/signature-count"},
                new String[] {"extension line", signed(text + "extra\n", LOG), "checkpoint/extension"},
                new String[] {"two lines", signed("log.example/tally\n7\n", LOG), "checkpoint/lines"},
                new String[] {"leading zero", signed(text.replace("\n7\n", "\n07\n"), LOG), "checkpoint/size"},
                new String[] {"plus sign", signed(text.replace("\n7\n", "\n+7\n"), LOG), "checkpoint/size"},
                new String[] {"negative", signed(text.replace("\n7\n", "\n-7\n"), LOG), "checkpoint/size"},
                new String[] {"huge", signed(text.replace("\n7\n", "\n" + big + "\n"), LOG), "checkpoint/size"},
                new String[] {"no size", signed(text.replace("\n7\n", "\n\n"), LOG), "checkpoint/size"},
                new String[] {"short root", signed("log.example/tally\n7\nAAAA\n", LOG), "checkpoint/root"},
                new String[] {"root not base64", signed("log.example/tally\n7\n!\n", LOG), "checkpoint/root"},
                new String[] {"wrong root of nothing", signed(text.replace("\n7\n", "\n0\n"), LOG), "checkpoint/root"},
                new String[] {"another origin", signed(text.replace("tally", "other"), LOG), "checkpoint/wrong-origin"},
                new String[] {"no origin", signed(text.substring(text.indexOf('\n')), LOG), "checkpoint/origin"});
    }

    @Test
    void theCodeAgreesWithTheFile() {
        for (Fields vector : Vectors.cases("checkpoint.json")) {
            NoteKey key = NoteKey.parse(vector.text("key"));
            byte[] note = utf8(vector.text("note"));
            Optional<String> reason = vector.optionalText("reason");
            if (reason.isPresent()) {
                assertReason(() -> Checkpoint.open(SignedNote.parse(note), key, VERIFIER), reason.get());
            } else {
                Checkpoint opened = Checkpoint.open(SignedNote.parse(note), key, VERIFIER);
                assertThat(opened.size()).isEqualTo(vector.integer("size", 0, 1000));
                assertThat(opened.root().hex()).isEqualTo(vector.text("root"));
                assertThat(SignedNote.parse(note).encode()).isEqualTo(note);
            }
        }
    }

    @Test
    void signaturesByStrangersAreCarriedAlong() {
        assertThat(witnessed().verify(List.of(KEY), VERIFIER)).containsExactly(KEY);
        assertThat(witnessed().verify(List.of(KEY, OTHER.key()), VERIFIER)).containsExactly(KEY, OTHER.key());
        assertThat(SignedNote.parse(witnessed().encode())).isEqualTo(witnessed());
        NoteKey namesake = NoteKey.of(KEY.name(), OTHER.signer().publicKey());
        assertReason(() -> NOTE.verify(List.of(namesake), VERIFIER), "note/unknown-signer");
    }

    @Test
    void aKnownKeysWrongSignatureSpoilsTheNote() {
        SignedNote spoiled =
                NOTE.with(SignedNote.sign("something else\n", OTHER).signatures());
        assertThat(spoiled.verify(List.of(KEY), VERIFIER)).containsExactly(KEY);
        assertReason(() -> spoiled.verify(List.of(KEY, OTHER.key()), VERIFIER), "note/signature");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a+b", "a\u00a0b", "a\u2003b", "a\nb", "a\u0085b", "a\u0001b", "a\ud800b"})
    void namesThatAreNone(String name) {
        assertReason(() -> NoteKey.of(name, LOG.signer().publicKey()), "note-key/name");
        assertReason(() -> new NoteSigner(name, LOG.signer()), "note-key/name");
    }

    @ParameterizedTest
    @CsvSource({
        "log.example, note-key/malformed",
        "log.example+530d903a, note-key/malformed",
        "log.example+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k, note-key/malformed",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k, note-key/id",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k, note-key/id",
        "example.com/foo+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k, note-key/type",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2, note-key/malformed",
        "example.com/foo+530d903a+Aeky, note-key/key",
        "example.com/foo+530d903a+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA, note-key/key"
    })
    void keysThatAreNone(String text, String reason) {
        assertReason(() -> NoteKey.parse(text), reason);
    }

    @Test
    void keysRoundTrip() {
        assertThat(NoteKey.parse(KEY.toString())).isEqualTo(KEY).hasSameHashCodeAs(KEY);
        assertThat(KEY).isNotEqualTo(OTHER.key());
        assertThat(KEY.publicKey()).isEqualTo(LOG.signer().publicKey());
    }

    @Test
    void aProofShowsItsEntryAndNoOther() {
        for (int i = 0; i < 7; i++) {
            InclusionProof proof = proof(i);
            InclusionProof read = InclusionProof.parse(proof.encode());
            assertThat(read).isEqualTo(proof);
            assertThat(read.verify(ENTRIES.get(i), KEY, VERIFIER)).isEqualTo(CHECKPOINT);
            byte[] other = ENTRIES.get((i + 1) % 7);
            assertReason(() -> read.verify(other, KEY, VERIFIER), "proof/root");
            assertReason(() -> read.verify(other, OTHER.key(), VERIFIER), "note/unknown-signer");
        }
        InclusionProof extra = new InclusionProof(Optional.of("AAEC"), 0, proof(0).path(), NOTE);
        assertThat(InclusionProof.parse(extra.encode()).extra()).contains("AAEC");
    }

    @ParameterizedTest
    @CsvSource({
        "c2sp.org/tlog-proof@v1, c2sp.org/tlog-proof@v2, proof/header",
        "index 3, index 03, proof/index",
        "index 3, index -3, proof/index",
        "index 3, indx 3, proof/index",
        "index 3, extra AB, proof/extra",
        "index 3, index 9, proof/index",
        "index 3, index 4, proof/root",
        "index 3, index 6, proof/length"
    })
    void brokenProofs(String was, String is, String reason) {
        String text = proof(3).toString();
        String broken = is.startsWith("extra") ? text.replaceFirst(was, is + "\n" + was) : text.replaceFirst(was, is);
        assertReason(() -> InclusionProof.parse(utf8(broken)).verify(ENTRIES.get(3), KEY, VERIFIER), reason);
    }

    @Test
    void proofsOfTheWrongLength() {
        String text = proof(3).toString();
        String firstHash = text.lines().toList().get(2) + "\n";
        assertReason(() -> verified(text.replaceFirst(quoted(firstHash), "")), "proof/length");
        assertReason(() -> verified(text.replaceFirst(quoted(firstHash), firstHash + firstHash)), "proof/length");
        assertReason(() -> verified(text.replaceFirst(quoted(firstHash), firstHash.repeat(70))), "proof/length");
        assertReason(() -> verified(text.replaceFirst(quoted(firstHash), "zzz\n")), "proof/hash");
        assertReason(() -> verified(text.substring(0, 40)), "proof/no-checkpoint");
        assertReason(() -> InclusionProof.parse(new byte[] {(byte) 0xc3, 0x28}), "proof/not-utf-8");
        assertReason(() -> InclusionProof.parse(new byte[3 << 20]), "proof/too-long");
        assertReason(() -> SignedNote.parse(new byte[2 << 20]), "note/too-long");
        assertReason(() -> SignedNote.parse(new byte[] {(byte) 0xc3, 0x28}), "note/not-utf-8");
    }

    /** Whatever comes in: a reason of ours or a true value, and what is accepted encodes to the same bytes. */
    @Test
    void fuzzedTexts() {
        byte[] proof = proof(5).encode();
        byte[] note = witnessed().encode();
        Seeds.check(2000, random -> {
            byte[] fuzzed = Fuzz.mutate(random, random.nextBoolean() ? proof : note);
            try {
                assertThat(SignedNote.parse(fuzzed).encode()).isEqualTo(fuzzed);
                Checkpoint.parse(SignedNote.parse(fuzzed).text());
            } catch (MalformedException e) {
                assertThat(e.reason()).matches("(note|checkpoint|note-key)/[a-z0-9-]+");
            }
            try {
                InclusionProof read = InclusionProof.parse(fuzzed);
                assertThat(read.encode()).isEqualTo(fuzzed);
                read.verify(ENTRIES.get(5), KEY, VERIFIER);
                assertThat(Arrays.equals(fuzzed, proof) || !read.checkpoint().equals(NOTE))
                        .isTrue();
            } catch (MalformedException e) {
                assertThat(e.reason()).matches("(proof|note|checkpoint|note-key)/[a-z0-9-]+");
            }
        });
    }

    private static InclusionProof proof(int index) {
        List<Hash> path = MerkleTree.inclusionPath(MerkleTreeTest.hashes(ENTRIES), index);
        return new InclusionProof(Optional.empty(), index, path, NOTE);
    }

    private static void verified(String proof) {
        InclusionProof.parse(utf8(proof)).verify(ENTRIES.get(3), KEY, VERIFIER);
    }

    private static Checkpoint empty() {
        return new Checkpoint("log.example/tally", 0, MerkleTree.emptyRoot());
    }

    private static SignedNote witnessed() {
        return NOTE.with(SignedNote.sign(CHECKPOINT.text(), OTHER).signatures());
    }

    private static String signed(String text, NoteSigner signer) {
        return SignedNote.sign(text, signer).toString();
    }

    /** The last base64 digit before the padding with a bit set that no byte uses. */
    private static String looseBits(String note) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        int at = note.lastIndexOf('=') - 1;
        char digit = alphabet.charAt(alphabet.indexOf(note.charAt(at)) ^ 1);
        return note.substring(0, at) + digit + note.substring(at + 1);
    }

    private static Json vector(String name, String note, Optional<String> reason) {
        Json.Builder made =
                Json.object().put("name", name).put("key", KEY.toString()).put("note", note);
        if (reason.isPresent()) {
            return made.put("reason", reason.get()).build();
        }
        Checkpoint checkpoint = Checkpoint.parse(SignedNote.parse(utf8(note)).text());
        return made.put("size", checkpoint.size())
                .put("root", checkpoint.root().hex())
                .build();
    }

    private static String quoted(String text) {
        return java.util.regex.Pattern.quote(text);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static void assertReason(Runnable code, String reason) {
        assertThatThrownBy(code::run)
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    /** The padding of a 68-byte value is one sign; {@link #broken} relies on it. */
    @Test
    void theValueIsPadded() {
        String value = NOTE.signatures().getFirst().value();
        assertThat(Base64.getDecoder().decode(value)).hasSize(68);
        assertThat(value).endsWith("=");
    }
}
