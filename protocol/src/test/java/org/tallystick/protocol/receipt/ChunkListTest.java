package org.tallystick.protocol.receipt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.tree.MerkleTree;

/** Chunk hashes are those of RFC 6962 whatever the pieces they were hashed in, and only the platform's list is taken. */
final class ChunkListTest {
    private static final JdkEd25519 PLATFORM = JdkEd25519.ofSeed(new byte[32]);
    private static final DidKey KEY = new DidKey(PLATFORM.publicKey());

    private static byte[] work(int length) {
        byte[] content = new byte[length];
        new Random(length).nextBytes(content);
        return content;
    }

    private static ChunkList hashed(byte[] content, int piece) {
        ChunkList.Hasher hasher = new ChunkList.Hasher();
        for (int at = 0; at < content.length; at += piece) {
            hasher.add(content, at, Math.min(piece, content.length - at));
        }
        return hasher.list(ContentId.of(content));
    }

    @Test
    void theHashesAreLeavesOfChunksHoweverTheBytesCame() {
        for (int length :
                new int[] {0, 1, ChunkList.CHUNK - 1, ChunkList.CHUNK, ChunkList.CHUNK + 1, 3 * ChunkList.CHUNK}) {
            byte[] content = work(length);
            ChunkList list = hashed(content, 70_001);
            assertThat(list).isEqualTo(hashed(content, Math.max(1, length)));
            assertThat(list.hashes()).hasSize((length + ChunkList.CHUNK - 1) / ChunkList.CHUNK);
            for (int i = 0; i < list.hashes().size(); i++) {
                byte[] chunk =
                        Arrays.copyOfRange(content, i * ChunkList.CHUNK, Math.min(length, (i + 1) * ChunkList.CHUNK));
                assertThat(list.hashes().get(i)).isEqualTo(MerkleTree.leafHash(chunk));
            }
            ContentId id = ContentId.of(content);
            assertThat(ChunkList.verify(list.document(PLATFORM), id, length, KEY, JdkEd25519.verifier()))
                    .isEqualTo(list);
        }
    }

    @Test
    void noListButThePlatformsForThisWorkIsTaken() {
        byte[] content = work(2 * ChunkList.CHUNK + 5);
        ContentId id = ContentId.of(content);
        ChunkList list = hashed(content, content.length);
        Json.Obj document = list.document(PLATFORM);
        JdkEd25519 stranger = JdkEd25519.ofSeed(new byte[] {
            1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1
        });
        refused(list.document(stranger), id, content.length, "jws/wrong-key");
        refused(document, ContentId.of(new byte[1]), content.length, "chunks/other-work");
        refused(document, id, content.length + 1, "chunks/other-work");
        refused(document, id, 5, "chunks/count");
        byte[] other = content.clone();
        other[7]++;
        ChunkList forged =
                new ChunkList(id, content.length, hashed(other, other.length).hashes());
        refused(
                document.with("hashes", forged.document(PLATFORM).get("hashes").orElseThrow()),
                id,
                content.length,
                "chunks/root");
        refused(document.with("hashes", Json.of("AAAA")), id, content.length, "chunks/hashes");
    }

    private static void refused(Json.Obj document, ContentId id, long bytes, String reason) {
        assertThatThrownBy(() -> ChunkList.verify(document, id, bytes, KEY, JdkEd25519.verifier()))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
