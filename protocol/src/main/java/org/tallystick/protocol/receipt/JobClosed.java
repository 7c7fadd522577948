package org.tallystick.protocol.receipt;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.tree.MerkleTree;

/**
 * What a buyer signs when it closes a job: which works arrived, so that an edge that took a release key and delivered nothing
 * is shown, and what arrived is acknowledged by whom it is billed to. A {@link Jws} of type {@link #TYPE}.
 *
 * @param contract contract id
 * @param job job id
 * @param dataset root of the dataset version
 * @param arrived {@link #root} over the works that arrived
 * @param count how many those are
 * @param missing works that were asked for and did not arrive, ascending, each once, at most {@value #MOST_MISSING}
 */
public record JobClosed(String contract, String job, Hash dataset, Hash arrived, int count, List<ContentId> missing) {
    /** The {@code typ} of an acknowledgement. */
    public static final String TYPE = "tallystick-job-closed+jws";

    /** Most works that may be named as missing. */
    public static final int MOST_MISSING = 10_000;

    public JobClosed {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(job);
        Objects.requireNonNull(dataset);
        Objects.requireNonNull(arrived);
        missing = List.copyOf(missing);
        if (count < 0 || count > ReleaseTable.MOST_WORKS) {
            throw new MalformedException("job-closed/count", "no job has " + count + " works");
        }
        boolean sorted = List.copyOf(new TreeSet<>(missing)).equals(missing);
        if (!sorted || missing.size() > MOST_MISSING) {
            throw new MalformedException(
                    "job-closed/missing", "missing works ascend, each once, at most " + MOST_MISSING);
        }
    }

    /** The acknowledgement of what arrived; works in any order, naming one twice says nothing more. */
    public static JobClosed of(
            String contract, String job, Hash dataset, Collection<ContentId> arrived, Collection<ContentId> missing) {
        TreeSet<ContentId> distinct = new TreeSet<>(arrived);
        return new JobClosed(
                contract, job, dataset, root(distinct), distinct.size(), List.copyOf(new TreeSet<>(missing)));
    }

    /** RFC 6962 root over the content ids as 32 bytes each, ascending, each once. */
    public static Hash root(Collection<ContentId> works) {
        return MerkleTree.root(new TreeSet<>(works)
                .stream()
                        .map(work -> MerkleTree.leafHash(work.hash().toBytes()))
                        .toList());
    }

    /** The payload that is signed. */
    public Json.Obj payload() {
        return Json.object()
                .put("contract", contract)
                .put("job", job)
                .put("dataset", dataset.hex())
                .put("arrived", arrived.hex())
                .put("count", count)
                .put(
                        "missing",
                        Json.strings(missing.stream().map(ContentId::toString).toList()))
                .build();
    }

    /** The signed acknowledgement. */
    public String sign(Signer buyer) {
        return Jws.sign(TYPE, payload(), buyer).compact();
    }

    /**
     * @throws MalformedException {@code job-closed/…} or {@code json/…}
     */
    public static JobClosed ofPayload(Json.Obj payload) {
        Fields fields = Fields.of(payload, "job-closed");
        fields.array("missing");
        JobClosed closed = new JobClosed(
                fields.text("contract", 64),
                fields.text("job", 64),
                Hash.ofHex(fields.text("dataset")),
                Hash.ofHex(fields.text("arrived")),
                (int) fields.integer("count", 0, ReleaseTable.MOST_WORKS),
                fields.strings("missing").stream().map(ContentId::parse).toList());
        fields.noOthers();
        return closed;
    }

    /**
     * Verifies who signed an acknowledgement; whether that key is the job's buyer's is the caller's question.
     *
     * @throws MalformedException {@code jws/…}, {@code job-closed/…} or {@code json/…}
     */
    public static JobClosed verify(String compact, DidKey buyer, Verifier verifier) {
        return ofPayload(Jws.parse(compact).verify(TYPE, buyer, verifier));
    }
}
