package org.tallystick.platform.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.kernel.Outcome;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.receipt.EdgeCertificate;
import org.tallystick.protocol.sign.DidKey;

class EdgesTest {
    @TempDir
    static Path dir;

    private static DeliveriesWorld world;

    @BeforeAll
    static void open() {
        world = new DeliveriesWorld(dir);
    }

    @AfterAll
    static void close() {
        world.close();
    }

    @Test
    void aRegisteredEdgeIsAPartyWithAKey() {
        RegisteredEdge registered =
                world.edges.register(ContractFixture.OPERATOR, "Frankfurt").orThrow();
        Edge edge = registered.edge();
        assertThat(edge.party().value()).isEqualTo("edge-" + edge.number());
        assertThat(world.world.parties.authenticate(registered.apiKey()))
                .contains(new Principal(edge.party(), Role.EDGE));
        assertThat(world.edges.find(edge.number())).contains(edge);
        assertThat(world.list(tx -> world.edges.all(tx))).contains(edge);
        assertThat(registered.toString()).doesNotContain(registered.apiKey());
    }

    @Test
    void registeringANameAgainGivesTheSameEdgeAndAnotherKey() {
        RegisteredEdge first =
                world.edges.register(ContractFixture.OPERATOR, "Paris").orThrow();
        long size = world.world.log.size();
        Outcome<RegisteredEdge> second = world.edges.register(ContractFixture.OPERATOR, "Paris");
        assertThat(DeliveriesWorld.isRepeat(second)).isTrue();
        assertThat(second.orThrow().edge()).isEqualTo(first.edge());
        assertThat(second.orThrow().apiKey()).isNotEqualTo(first.apiKey());
        assertThat(world.world.log.size()).isEqualTo(size);
    }

    @Test
    void manyAtOnceGetDifferentNumbers() throws Exception {
        List<Outcome<RegisteredEdge>> outcomes =
                DeliveriesWorld.atOnce(20, i -> world.edges.register(ContractFixture.OPERATOR, "many " + i % 10));
        assertThat(outcomes.stream().map(o -> o.orThrow().edge().number()).distinct())
                .hasSize(10);
    }

    @Test
    void onlyAnOperatorRegistersAndRevokes() {
        DeliveriesWorld.assertRefused(world.edges.register(ContractFixture.BUYER, "x"), "edge/operator-only");
        DeliveriesWorld.assertRefused(
                world.edges.revoke(ContractFixture.BUYER, 1, Optional.empty(), "x"), "edge/operator-only");
        for (String name : List.of("", " ", "x".repeat(65), "a\u0000b", "a\u001bb")) {
            DeliveriesWorld.assertRefused(world.edges.register(ContractFixture.OPERATOR, name), "edge/name");
        }
    }

    @Test
    void epochsAreNumberedAndTheSameKeyKeepsItsCertificate() {
        TestEdge edge = world.edge("Rome");
        CertificateRecord first = certificate(edge);
        DidKey platform = new DidKey(ContractFixture.signer("platform").publicKey());
        EdgeCertificate verified = EdgeCertificate.verify(first.compact(), platform, ContractFixture.VERIFIER);
        assertThat(verified).isEqualTo(first.certificate());
        assertThat(verified.key()).isEqualTo(edge.did());
        assertThat(verified.notBefore()).isEqualTo(world.world.clock.instant().minus(Duration.ofMinutes(5)));
        assertThat(verified.expires()).isEqualTo(world.world.clock.instant().plus(Duration.ofDays(30)));
        long size = world.world.log.size();
        assertThat(world.edges.certify(edge.principal(), edge.number(), edge.did(), edge.proof()))
                .isEqualTo(Outcome.repeated(first));
        assertThat(world.world.log.size()).isEqualTo(size);
        edge.certified("epoch 2");
        assertThat(edge.epoch()).isEqualTo(2);
        assertThat(world.list(tx -> world.edges.certificates(tx, edge.number())))
                .extracting(record -> record.certificate().epoch())
                .containsExactly(1, 2);
        assertThat(world.edges.certificate(edge.number(), 3)).isEmpty();
    }

    @Test
    void aKeyIsCertifiedOnlyForItsHolderAndOnce() {
        TestEdge edge = world.edge("Oslo");
        TestEdge other = world.edge("Bergen");
        DidKey fresh = new DidKey(ContractFixture.signer("fresh").publicKey());
        byte[] proof = ContractFixture.signer("fresh").sign(Edges.proofMessage(edge.number(), fresh));
        DeliveriesWorld.State before = world.state();
        DeliveriesWorld.assertRefused(
                world.edges.certify(other.principal(), edge.number(), fresh, proof), "edge/not-this-edge");
        DeliveriesWorld.assertRefused(
                world.edges.certify(ContractFixture.OPERATOR, edge.number(), fresh, proof), "edge/not-this-edge");
        DeliveriesWorld.assertRefused(
                world.edges.certify(other.principal(), other.number(), fresh, proof), "edge/key-proof");
        DeliveriesWorld.assertRefused(
                world.edges.certify(edge.principal(), edge.number(), fresh, new byte[64]), "edge/key-proof");
        DeliveriesWorld.assertRefused(
                world.edges.certify(edge.principal(), edge.number(), fresh, new byte[0]), "edge/key-proof");
        DeliveriesWorld.assertRefused(
                world.edges.certify(edge.principal(), edge.number(), new DidKey(new byte[32]), proof), "edge/key");
        byte[] stolen = edge.key().sign(Edges.proofMessage(other.number(), edge.did()));
        DeliveriesWorld.assertRefused(
                world.edges.certify(other.principal(), other.number(), edge.did(), stolen), "edge/key-taken");
        assertThat(world.state()).isEqualTo(before);
    }

    @Test
    void anExpiredOrRevokedKeyIsNotCertifiedAgain() {
        TestEdge edge = world.edge("Vienna");
        world.world.clock.advance(Duration.ofDays(31));
        DeliveriesWorld.assertRefused(
                world.edges.certify(edge.principal(), edge.number(), edge.did(), edge.proof()), "edge/key-expired");
        edge.certified("epoch 2");
        world.edges
                .revoke(ContractFixture.OPERATOR, edge.number(), Optional.of(2), "lost")
                .orThrow();
        assertThat(certificate(edge).revoked()).isTrue();
        DeliveriesWorld.assertRefused(
                world.edges.certify(edge.principal(), edge.number(), edge.did(), edge.proof()), "edge/key-revoked");
        edge.certified("epoch 3");
        assertThat(edge.epoch()).isEqualTo(3);
        assertThat(certificate(edge).revoked()).isFalse();
    }

    @Test
    void aRevokedEdgeGetsNothingMore() {
        TestEdge edge = world.edge("Lisbon");
        DeliveriesWorld.assertRefused(
                world.edges.revoke(ContractFixture.OPERATOR, 99, Optional.empty(), "lost"), "edge/unknown");
        DeliveriesWorld.assertRefused(
                world.edges.revoke(ContractFixture.OPERATOR, edge.number(), Optional.of(9), "lost"),
                "edge/unknown-epoch");
        DeliveriesWorld.assertRefused(
                world.edges.revoke(ContractFixture.OPERATOR, edge.number(), Optional.empty(), ""), "edge/reason");
        Edge revoked = world.edges
                .revoke(ContractFixture.OPERATOR, edge.number(), Optional.empty(), "lost")
                .orThrow();
        assertThat(revoked.revoked()).isTrue();
        assertThat(world.edges.revoke(ContractFixture.OPERATOR, edge.number(), Optional.empty(), "again"))
                .isEqualTo(Outcome.repeated(revoked));
        assertThat(world.edges.find(edge.number())).contains(revoked);
        assertThat(certificate(edge).revoked()).isTrue();
        DeliveriesWorld.assertRefused(
                world.edges.certify(edge.principal(), edge.number(), edge.did(), edge.proof()),
                "delivery/edge-revoked");
    }

    @Test
    void rebuildingFromTheLogGivesTheSameTables() {
        world.edge("Athens").certified("again");
        Map<String, List<String>> before = world.world.rows("delivery");
        Map<String, List<String>> parties = world.world.rows("party");
        world.world.sequencer.rebuild();
        assertThat(world.world.rows("delivery")).isEqualTo(before);
        assertThat(world.world.rows("party")).isEqualTo(parties);
    }

    private static CertificateRecord certificate(TestEdge edge) {
        return world.edges.certificate(edge.number(), edge.epoch()).orElseThrow();
    }
}
