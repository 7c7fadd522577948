package org.tallystick.cli.demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.sdk.Contract;
import org.tallystick.sdk.EdgeClient;
import org.tallystick.sdk.Job;
import org.tallystick.sdk.ProblemException;
import org.tallystick.sdk.Token;

/**
 * Requests that must be refused: without a token, with an altered or an expired token, with a token of the wrong scope,
 * for a work that is in no dataset of the contract, and asking for a token for a use the contract does not permit.
 */
final class RefusedRequests {
    private static final Duration SHORT_LIFE = Duration.ofSeconds(1);

    private final DemoParty buyer;
    private final EdgeClient edge;
    private final DeliveryCounts counts;
    private final List<String> reasons = new ArrayList<>();

    RefusedRequests(DemoParty buyer, EdgeClient edge, DeliveryCounts counts) {
        this.buyer = buyer;
        this.edge = edge;
        this.counts = counts;
    }

    /**
     * Makes each request for several works, under a job of its own in which nothing is used.
     *
     * @param withheld a work of no dataset
     * @return the distinct reasons of refusal
     */
    List<String> tryAll(Contract contract, List<ContentId> works, ContentId withheld) throws InterruptedException {
        Job job = buyer.client().openJob(contract.id(), Optional.of("job-refused-" + contract.id()), "demo-model");
        Token expired = buyer.client().issueToken(job.id(), Scope.TRAINING, SHORT_LIFE, Optional.empty());
        Token good = buyer.client().issueToken(job.id(), Scope.TRAINING, Duration.ofMinutes(30), Optional.empty());
        expect(
                "an inference token under a training contract",
                () -> buyer.client().issueToken(job.id(), Scope.INFERENCE, Duration.ofMinutes(5), Optional.empty()));
        String altered = altered(good.text());
        for (ContentId work : works) {
            expect("no token", () -> edge.fetch(work, "none"));
            expect("an altered token", () -> edge.fetch(work, altered));
        }
        expect("a work of no dataset", () -> edge.fetch(withheld, good.text()));
        Thread.sleep(SHORT_LIFE.plusMillis(1100));
        for (ContentId work : works) {
            expect("an expired token", () -> edge.fetch(work, expired.text()));
        }
        return reasons.stream().distinct().sorted().toList();
    }

    private void expect(String what, Runnable attempt) {
        try {
            attempt.run();
        } catch (ProblemException refusal) {
            if (refusal.status() >= 500) {
                throw refusal;
            }
            counts.refused();
            reasons.add(refusal.type());
            return;
        }
        throw new WrongSumException("was not refused: " + what);
    }

    /** The same token with one letter of its payload changed. */
    private static String altered(String token) {
        int at = token.indexOf('.') + 5;
        char other = token.charAt(at) == 'A' ? 'B' : 'A';
        return token.substring(0, at) + other + token.substring(at + 1);
    }
}
