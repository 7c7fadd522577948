package org.tallystick.platform.metering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.catalog.Member;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.JobId;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.MalformedException;
import org.tallystick.protocol.receipt.ContentId;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Receipt;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.terms.UsageEvent;

/** Each lie a buyer can tell about what it used: what it pays stays the same, and what shows the lie. */
final class LyingBuyerTest {
    private static final int DELIVERED = 6;

    @TempDir
    Path dir;

    private Market market;
    private ContractId contract;
    private JobId job;
    private Grant grant;
    private Market.TestEdge edge;

    @BeforeEach
    void deliver() {
        market = new Market(dir, 6);
        contract = market.contract("cnf-1");
        job = market.job(contract, "job-1");
        grant = market.token(job, Scope.TRAINING);
        edge = market.edge("e");
        for (int i = 0; i < DELIVERED; i++) {
            edge.deliver(grant, market.members.get(i));
        }
        edge.ship();
        market.metering().catchUp();
        assertThat(billed()).isEqualTo(DELIVERED);
    }

    @AfterEach
    void close() {
        market.close();
    }

    private long billed() {
        market.metering().catchUp();
        return market.read(tx -> market.metering().totals(tx, List.of(contract))).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private List<ContentId> contents(int from, int to) {
        return market.members.subList(from, to).stream().map(Member::content).toList();
    }

    private CrossCheck closedWith(List<ContentId> works) {
        market.delivery.jobs().closeJob(ContractFixture.BUYER, job, works).orThrow();
        return market.metering().crossCheck(job).orElseThrow();
    }

    private Trace receiptOf(int member) {
        return market.metering()
                .trace(contract, job, Scope.TRAINING, market.members.get(member).content())
                .orElseThrow();
    }

    private EdgeCertificate certificate(Leaf leaf) {
        return market.delivery
                .edges()
                .certificate(leaf.edge(), leaf.epoch())
                .orElseThrow()
                .certificate();
    }

    /** It pays for what the edge delivered; its own figures are held against that, and are not what is billed. */
    @Test
    void reportingLessThanWasDeliveredPaysTheSame() {
        UsageEvent little = UsageEvent.sign(
                Json.object()
                        .put("eventType", "usage.batch")
                        .put("contractId", contract.value())
                        .put("jobId", job.value())
                        .put("batchId", "b-1")
                        .put("sampleCount", 1)
                        .put("pricePerSampleUsd", Json.of(new BigDecimal("0.005")))
                        .put("timestamp", market.world.clock.instant())
                        .build(),
                ContractFixture.signer(ContractFixture.BUYER));
        market.delivery.usageEvents().accept(little.json()).orThrow();
        CrossCheck check = closedWith(contents(0, 2));
        assertThat(billed()).isEqualTo(DELIVERED);
        assertThat(check.agrees()).isFalse();
        assertThat(check.samples()).isEqualTo(1);
        assertThat(check.delivered()).isEqualTo(DELIVERED);
        assertThat(check.withoutTraining()).hasSize(DELIVERED - 2);
    }

    /** The edge has signed the receipt, the log holds it, and both verify without the buyer. */
    @Test
    void denyingADeliveryIsAnsweredByItsReceipt() {
        Receipt receipt = receiptOf(3).receipt();
        receipt.verify(certificate(receipt.leaf()), ContractFixture.VERIFIER);
        receipt.checkGrant(grant);
        assertThat(receipt.leaf().content()).isEqualTo(market.members.get(3).content());
        assertThat(grant.consumer()).isEqualTo(ContractFixture.BUYER.id().value());
    }

    /** Receipts a buyer keeps to itself, or shows in any order, change nothing: the edge has shipped them. */
    @Test
    void withholdingAndReorderingItsReceiptsChangesNothing() {
        List<Leaf> leaves = market.leaves;
        assertThat(market.plain(leaves.reversed()).sets())
                .isEqualTo(market.plain(leaves).sets());
        for (int i = 0; i < DELIVERED; i++) {
            edge.deliver(grant, market.members.get(i));
        }
        edge.ship();
        assertThat(billed()).as("fetched again, told to nobody").isEqualTo(DELIVERED);
    }

    /** What it says it trained on without having fetched it here is named; it is billed for nothing it did not get. */
    @Test
    void claimingWorksItNeverFetchedIsListed() {
        CrossCheck check = closedWith(contents(0, DELIVERED + 2));
        assertThat(check.agrees()).isFalse();
        assertThat(check.withoutReceipt()).containsExactlyInAnyOrderElementsOf(contents(DELIVERED, DELIVERED + 2));
        assertThat(billed()).isEqualTo(DELIVERED);
    }

    /** A receipt changed afterwards, for fewer bytes, another work or another token, is nobody's. */
    @Test
    void alteringAReceiptIsSeenByWhoeverVerifiesIt() {
        byte[] good = receiptOf(2).receipt().encode();
        EdgeCertificate certificate = certificate(receiptOf(2).receipt().leaf());
        int accepted = 0;
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            accepted += verifies(bad, certificate) ? 1 : 0;
        }
        assertThat(accepted).isZero();
        assertThat(verifies(good, certificate)).isTrue();
    }

    private static boolean verifies(byte[] bytes, EdgeCertificate certificate) {
        try {
            Receipt.decode(bytes).verify(certificate, ContractFixture.VERIFIER);
            return true;
        } catch (MalformedException e) {
            return false;
        }
    }

    /** Another job's token, or another's, binds whom it names. */
    @Test
    void aReceiptIsBoundToTheTokenItWasFetchedWith() {
        Grant other = market.token(market.job(contract, "job-2"), Scope.TRAINING);
        Receipt receipt = receiptOf(1).receipt();
        assertThatThrownBy(() -> receipt.checkGrant(other)).isInstanceOf(MalformedException.class);
    }
}
