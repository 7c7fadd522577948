package org.tallystick.platform.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.platform.kernel.RefusedException;
import org.tallystick.platform.metering.fold.UsageKey;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Scope;

/** A usage reference taken apart; ids may hold colons, so there may be more than one way to. */
record UsageRef(UsageKey key, ContentId content) {
    /** All ways to read a text; none where it is no usage reference. */
    static List<UsageRef> candidates(String ref) {
        if (!ref.startsWith("u:")) {
            return List.of();
        }
        List<String> parts = List.of(ref.substring(2).split(":", -1));
        List<UsageRef> found = new ArrayList<>();
        for (int jobAt = 1; jobAt < parts.size() - 2; jobAt++) {
            split(parts, jobAt).ifPresent(found::add);
        }
        return found;
    }

    private static Optional<UsageRef> split(List<String> parts, int jobAt) {
        int scopeAt = parts.size() - 2;
        try {
            ContractId contract = new ContractId(String.join(":", parts.subList(0, jobAt)));
            JobId job = new JobId(String.join(":", parts.subList(jobAt, scopeAt)));
            UsageKey key = new UsageKey(contract, job, Scope.ofWord(parts.get(scopeAt)));
            return Optional.of(new UsageRef(key, ContentId.parse("sha256:" + parts.get(scopeAt + 1))));
        } catch (MalformedException | RefusedException e) {
            return Optional.empty(); // not a reference when split here
        }
    }
}
