package org.tallystick.platform.settlement.closing;

import java.util.Objects;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;

/**
 * A contract that a close could not rate: it has neither invoice nor statement lines in that close, everybody else has,
 * and what was used under it waits for a close that can. Part of the close entry, so that an auditor comes to the same.
 *
 * @param reason stable slug: {@code amount/limit}, {@code close/payees}, {@code close/unratable} or the type of what was
 *     refused
 */
public record SetAside(ContractId contract, String reason) {
    /** What it comes to, or could come to, is more than 10<sup>24</sup> units. */
    public static final String LIMIT = "amount/limit";

    /** More payees than one posting group holds transfers for. */
    public static final String PAYEES = "close/payees";

    private static final String UNRATABLE = "close/unratable";

    public SetAside {
        Objects.requireNonNull(contract);
        Objects.requireNonNull(reason);
    }

    /** By what pricing threw, by its kind alone: a message may be worded anew, a close stays the same to the byte. */
    static SetAside because(ContractId contract, RuntimeException thrown) {
        return new SetAside(
                contract,
                switch (thrown) {
                    case RefusedException refused -> refused.problem().type();
                    case ArithmeticException ignored -> LIMIT;
                    case MalformedException malformed when malformed.reason().equals("statement/posted") -> LIMIT;
                    default -> UNRATABLE;
                });
    }

    Json.Obj json() {
        return Json.object()
                .put("contract", contract.value())
                .put("reason", reason)
                .build();
    }

    static SetAside of(Fields fields) {
        return new SetAside(new ContractId(fields.text("contract")), fields.text("reason", 64));
    }

    /** For an operator. */
    public String words() {
        return "contract " + contract + " is set aside: "
                + switch (reason) {
                    case LIMIT -> "what it comes to is more than 10^24 units, the greatest amount there is";
                    case PAYEES -> "it has more payees than one posting holds";
                    case UNRATABLE -> "its uses cannot be priced";
                    default -> reason;
                }
                + " (" + reason + ")";
    }
}
