package org.tallystick.platform.audit;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.log.LogEntry;
import org.tallystick.protocol.receipt.JobClosed;
import org.tallystick.protocol.receipt.JobOrder;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Jws;
import org.tallystick.protocol.sign.Verifier;

/**
 * Whether what a buyer is said to have signed in the log was signed by it: orders of a job and acknowledgements of what
 * arrived, by a key that an earlier entry gives the job's buyer. A platform that makes up an order is found by this. Any
 * earlier key counts, as an order may come in while its buyer's key is being replaced. Told every document, in order.
 */
final class EntrySignatures {
    private final Verifier verifier;
    private final Map<String, Set<DidKey>> keys = new HashMap<>();
    private final Map<String, Job> jobs = new HashMap<>();

    /** Whose a job is, and under which contract. */
    private record Job(String buyer, String contract) {}

    EntrySignatures(Verifier verifier) {
        this.verifier = verifier;
    }

    /** @throws MalformedException {@code entry/signer} or what the signed document itself is refused for */
    void document(LogEntry.DocumentEntry entry) {
        Fields body = Fields.of(entry.body(), entry.type());
        switch (entry.type()) {
            case "party", "key-rotated" ->
                body.optionalText("key")
                        .ifPresent(key -> keys.computeIfAbsent(body.text("id"), id -> new HashSet<>())
                                .add(DidKey.parse(key)));
            case "job" -> jobs.put(body.text("job"), new Job(body.text("buyer"), body.text("contract")));
            case "job-order" -> {
                String compact = body.text("order");
                DidKey key = Jws.parse(compact).key();
                JobOrder order = JobOrder.verify(compact, key, verifier);
                ofBuyer(order.job(), order.contract(), key);
            }
            case "job-closed" -> body.optionalText("acknowledgement").ifPresent(compact -> closed(body, compact));
            default -> {
                return; // signed by nobody but the platform, or checked where it is counted
            }
        }
    }

    private void closed(Fields body, String compact) {
        DidKey key = Jws.parse(compact).key();
        JobClosed said = JobClosed.verify(compact, key, verifier);
        if (!said.job().equals(body.text("job"))) {
            throw new MalformedException(
                    "entry/signer", "what was signed is of job " + said.job() + ", not " + body.text("job"));
        }
        ofBuyer(said.job(), said.contract(), key);
    }

    private void ofBuyer(String id, String contract, DidKey key) {
        Job job = Optional.ofNullable(jobs.get(id))
                .orElseThrow(() -> new MalformedException("entry/signer", "no job " + id + " before it"));
        if (!job.contract().equals(contract)) {
            throw new MalformedException(
                    "entry/signer", "job " + id + " is of contract " + job.contract() + ", not " + contract);
        }
        if (!keys.getOrDefault(job.buyer(), Set.of()).contains(key)) {
            throw new MalformedException(
                    "entry/signer", "signed by " + key + ", which no entry before it gives " + job.buyer());
        }
    }
}
