package org.tallystick.protocol.receipt;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Objects;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;

/**
 * What a buyer signs before a job's first delivery: which works of a dataset version it wants, by commitments that only it
 * can open ({@link ReleaseTable}). Nothing counts under the order that its buyer did not ask for, and nothing past it. A
 * {@link Jws} of type {@link #TYPE}, signed by the buyer's registered key or a machine key it certified.
 *
 * @param contract contract id
 * @param job job id; a job may have several orders, whose works add up
 * @param number dense number of the order within the contract, from 1
 * @param scope what the works are ordered for
 * @param dataset root of the dataset version
 * @param works members of the dataset version, 1 to 2^24
 * @param ordered works ordered, 1 to {@code works}
 * @param tag 16 bytes as 32 lower-case hexadecimal digits, different for each order
 * @param keys root of the table of commitments
 * @param ends first moment at which nothing is ordered any more
 */
public record JobOrder(
        String contract,
        String job,
        int number,
        Scope scope,
        Hash dataset,
        int works,
        int ordered,
        String tag,
        Hash keys,
        Instant ends) {
    /** The {@code typ} of an order. */
    public static final String TYPE = "tallystick-job-order+jws";

    public JobOrder {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(job);
        Objects.requireNonNull(scope);
        Objects.requireNonNull(dataset);
        Objects.requireNonNull(keys);
        Objects.requireNonNull(ends);
        if (number < 1) {
            throw new MalformedException("order/number", "orders of a contract are numbered from 1");
        }
        if (works < 1 || works > ReleaseTable.MOST_WORKS || ordered < 1 || ordered > works) {
            throw new MalformedException(
                    "order/works", "an order is for at least one and at most all works of the dataset version");
        }
        checkTag(tag, "order/tag");
    }

    static void checkTag(String tag, String reason) {
        if (!tag.matches("[0-9a-f]{32}")) {
            throw new MalformedException(reason, "a tag is 32 lower-case hexadecimal digits");
        }
    }

    /** The order for a table of commitments. */
    public static JobOrder of(
            String contract, String job, int number, Scope scope, Hash dataset, ReleaseTable table, Instant ends) {
        return new JobOrder(
                contract,
                job,
                number,
                scope,
                dataset,
                table.works(),
                table.ordered(),
                HexFormat.of().formatHex(table.tag()),
                table.root(),
                ends);
    }

    /** The payload that is signed. */
    public Json.Obj payload() {
        return Json.object()
                .put("contract", contract)
                .put("job", job)
                .put("number", number)
                .put("scope", scope.word())
                .put("dataset", dataset.hex())
                .put("works", works)
                .put("ordered", ordered)
                .put("tag", tag)
                .put("keys", keys.hex())
                .put("ends", ends)
                .build();
    }

    /** The signed order. */
    public String sign(Signer buyer) {
        return Jws.sign(TYPE, payload(), buyer).compact();
    }

    /**
     * @throws MalformedException {@code order/…} or {@code json/…}
     */
    public static JobOrder ofPayload(Json.Obj payload) {
        Fields fields = Fields.of(payload, "order");
        JobOrder order = new JobOrder(
                fields.text("contract", 64),
                fields.text("job", 64),
                (int) fields.integer("number", 1, Integer.MAX_VALUE),
                Scope.ofWord(fields.text("scope")),
                Hash.ofHex(fields.text("dataset")),
                (int) fields.integer("works", 1, ReleaseTable.MOST_WORKS),
                (int) fields.integer("ordered", 1, ReleaseTable.MOST_WORKS),
                fields.text("tag"),
                Hash.ofHex(fields.text("keys")),
                fields.instant("ends"));
        fields.noOthers();
        return order;
    }

    /**
     * Verifies who signed an order; whether that key may order for the contract's buyer is the caller's question.
     *
     * @throws MalformedException {@code jws/…}, {@code order/…} or {@code json/…}
     */
    public static JobOrder verify(String compact, DidKey buyer, Verifier verifier) {
        return ofPayload(Jws.parse(compact).verify(TYPE, buyer, verifier));
    }

    /** What a grant under this order says of it. */
    public Grant.Order claim() {
        return new Grant.Order(number, tag, keys);
    }
}
