package org.tallystick.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.receipt.ChunkList;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.LeafKind;
import org.tallystick.protocol.sign.JdkEd25519;
import org.tallystick.protocol.sign.Signer;

/** A large work that is not here yet is sent while it arrives, and no byte of it that is not proven. */
class ColdWorkTest {
    private static final int MIB = ChunkList.CHUNK;
    private static final int LENGTH = 12 * MIB + 5;
    private static final int ALL = 100;

    @TempDir
    Path dir;

    private EdgeFixture fixture;
    private byte[] content = new byte[0];
    private ContentId work;
    private ContentId small;
    private String token = "";

    ColdWorkTest() {
        work = ContentId.of(content);
        small = work;
    }

    @BeforeEach
    void serve() throws IOException {
        fixture = new EdgeFixture(dir);
        List<ContentId> works = fixture.works(LENGTH, 100);
        work = works.getFirst();
        small = works.getLast();
        content = fixture.platform.blobs.getOrDefault(work, content);
        token = fixture.token(fixture.platform.publish(works));
        list(content, fixture.platform.signer);
        fixture.start();
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private void list(byte[] bytes, Signer signer) {
        ChunkList.Hasher hasher = new ChunkList.Hasher();
        hasher.add(bytes, 0, bytes.length);
        fixture.platform.chunkLists.put(work, Jcs.bytes(hasher.list(work).document(signer)));
    }

    /** The platform sends these bytes, a MiB for each permit. */
    private Semaphore slowly(byte[] bytes, int permits) {
        Semaphore semaphore = new Semaphore(permits);
        fixture.platform.slowly.put(work, new SlowWork(bytes, semaphore));
        return semaphore;
    }

    private String get(String... headers) {
        return RawHttp.get(EdgeFixture.path(work), token, headers);
    }

    private byte[] changed(int at) {
        byte[] other = content.clone();
        other[at]++;
        return other;
    }

    private List<Leaf> leaves() {
        assertThat(fixture.running.orElseThrow().awaitDrained(java.time.Duration.ofSeconds(10)))
                .isTrue();
        return fixture.platform.leaves(1);
    }

    /** Reads what comes until the edge breaks off; how many bytes of a body that were, all of them right. */
    private int rightBytesUntilItBreaks(RawHttp client) throws IOException {
        byte[] body = client.bodyUntilItBreaks();
        assertThat(body).isEqualTo(Arrays.copyOf(content, body.length));
        return body.length;
    }

    @Test
    void aColdWorkIsSentWhileItArrives() throws IOException {
        Semaphore permits = slowly(content, 3);
        try (RawHttp client = fixture.client()) {
            client.send(get());
            assertThat(client.headAndBody(3 * MIB))
                    .as("the rest is not even sent")
                    .isEqualTo(Arrays.copyOf(content, 3 * MIB));
            RawHttp.Response part = fixture.call(get("Range: bytes=2000000-2000099"));
            assertThat(part.status()).as("others get what is here").isEqualTo(206);
            assertThat(part.body()).isEqualTo(Arrays.copyOfRange(content, 2_000_000, 2_000_100));
            permits.release(ALL);
            assertThat(client.body(LENGTH - 3 * MIB)).isEqualTo(Arrays.copyOfRange(content, 3 * MIB, LENGTH));
            RawHttp.Response again = client.call(get());
            assertThat(again.header("Tallystick-Cache")).isEqualTo("hit");
            assertThat(again.body()).isEqualTo(content);
        }
        assertThat(fixture.platform.blobRequests.get(work)).hasValue(1);
        assertThat(leaves()).extracting(Leaf::kind).containsExactly(LeafKind.FULL, LeafKind.PARTIAL, LeafKind.FULL);
    }

    @Test
    void answersKeepTheirOrderBehindAWorkThatArrives() throws IOException {
        Semaphore permits = slowly(content, 2);
        try (RawHttp client = fixture.client()) {
            client.send(get() + RawHttp.get(EdgeFixture.path(small), token) + get("Range: bytes=-7"));
            assertThat(client.headAndBody(2 * MIB)).isEqualTo(Arrays.copyOf(content, 2 * MIB));
            permits.release(ALL);
            assertThat(client.body(LENGTH - 2 * MIB)).isEqualTo(Arrays.copyOfRange(content, 2 * MIB, LENGTH));
            assertThat(client.read(false).body()).hasSize(100);
            assertThat(client.read(false).body()).isEqualTo(Arrays.copyOfRange(content, LENGTH - 7, LENGTH));
        }
        assertThat(fixture.platform.blobRequests.get(work)).hasValue(1);
    }

    @Test
    void aWrongChunkIsNeverSent() throws IOException {
        slowly(changed(5 * MIB + 1), ALL);
        try (RawHttp client = fixture.client()) {
            client.send(get());
            assertThat(rightBytesUntilItBreaks(client)).isLessThanOrEqualTo(5 * MIB);
        }
        fixture.platform.slowly.remove(work);
        assertThat(fixture.call(get()).body()).as("nothing of it was kept").isEqualTo(content);
    }

    /** The platform signed hashes of other bytes: the work's own hash is the last word, and the last chunk waits for it. */
    @Test
    void aListThatLiesNeverGivesAWholeWrongWork() throws IOException {
        byte[] wrong = changed(LENGTH - 1);
        list(wrong, fixture.platform.signer);
        slowly(wrong, ALL);
        try (RawHttp client = fixture.client()) {
            client.send(get());
            assertThat(rightBytesUntilItBreaks(client)).isLessThanOrEqualTo(12 * MIB);
        }
        List<Leaf> leaves = leaves();
        assertThat(leaves.getFirst().kind()).isEqualTo(LeafKind.FULL);
        assertThat(leaves.getLast().kind()).as("the promise is taken back").isIn(LeafKind.CUT, LeafKind.VOID);
    }

    @Test
    void aListOfAnybodyElseIsNotTakenAndTheWorkIsSentOnceItIsWhole() throws IOException {
        list(content, JdkEd25519.ofSeed(new byte[32]));
        Semaphore permits = slowly(content, 12);
        try (RawHttp client = fixture.client()) {
            client.send(get());
            client.timeout(300);
            org.assertj.core.api.Assertions.assertThatThrownBy(() -> client.readSome(1))
                    .isInstanceOf(java.net.SocketTimeoutException.class);
            client.timeout(20_000);
            permits.release(ALL);
            assertThat(client.read(false).body()).isEqualTo(content);
        }
    }

    @Test
    void aPlatformThatGoesAwayBreaksTheDeliveryOffAndItIsAmended() throws IOException {
        byte[] half = Arrays.copyOf(content, 6 * MIB);
        Semaphore permits = slowly(half, 4);
        try (RawHttp client = fixture.client()) {
            client.send(get());
            assertThat(client.headAndBody(4 * MIB)).isEqualTo(Arrays.copyOf(content, 4 * MIB));
            permits.release(ALL); // it says that the work ends where it does not
            client.timeout(20_000);
            int more = client.readSome(LENGTH);
            assertThat(more).isLessThanOrEqualTo(2 * MIB);
        } catch (EOFException e) {
            throw new AssertionError("the part that is right arrives", e);
        }
        List<Leaf> leaves = leaves();
        assertThat(leaves.getLast().kind()).isEqualTo(LeafKind.CUT);
        assertThat(leaves.getLast().bytes()).isBetween(4L * MIB, 6L * MIB);
    }

    @Test
    void aClientThatGoesAwayLeavesTheWorkToTheNext() throws IOException {
        Semaphore permits = slowly(content, 3);
        try (RawHttp client = fixture.client()) {
            client.send(get());
            assertThat(client.headAndBody(MIB)).hasSize(MIB);
            client.abort();
        }
        EdgeFixture.await("the delivery is amended", () -> leaves().size() == 2);
        permits.release(ALL);
        assertThat(fixture.call(get()).body()).isEqualTo(content);
        assertThat(fixture.platform.blobRequests.get(work)).hasValue(1);
        assertThat(leaves()).extracting(Leaf::kind).containsExactly(LeafKind.FULL, LeafKind.CUT, LeafKind.FULL);
    }
}
