package org.tallystick.platform.audit;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.contract.ContractFixture;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.delivery.Deliveries;
import org.tallystick.platform.ingest.Ingest;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.Currency;
import org.tallystick.platform.kernel.Money;
import org.tallystick.platform.log.Projection;
import org.tallystick.platform.metering.Market;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.settlement.Close;
import org.tallystick.platform.settlement.Settlement;
import org.tallystick.platform.settlement.closing.Period;
import org.tallystick.protocol.receipt.Grant;
import org.tallystick.protocol.receipt.Leaf;
import org.tallystick.protocol.receipt.Scope;
import org.tallystick.protocol.sign.DidKey;

/** A market with two closed periods: uses, a repeat, a late receipt, one taken back after it was billed, a debt. */
final class AuditWorld implements AutoCloseable {
    final Market market;
    final ContractId contract;
    final Grant grant;
    final Leaf delivered;
    final Leaf takenBack;
    final Close first;
    final Close second;
    private final Path dir;

    AuditWorld(Path dir) {
        this.dir = dir;
        market = new Market(dir, 4);
        contract = market.contract("cnf-1");
        fund("0.01", "wire-1");
        grant = market.token(market.job(contract, "job:1"), Scope.TRAINING);
        Market.TestEdge prompt = market.edge("prompt");
        Market.TestEdge slow = market.edge("slow");
        delivered = prompt.deliver(grant, market.members.getFirst());
        prompt.deliver(grant, market.members.getFirst());
        takenBack = prompt.deliver(grant, market.members.get(1));
        prompt.deliver(grant, market.members.get(5));
        slow.deliver(grant, market.members.get(6));
        prompt.seal(2).ship();
        first = close("2026-01", ContractFixture.START);
        prompt.takeBack(takenBack, grant);
        prompt.deliver(grant, market.members.get(2));
        slow.ship();
        prompt.ship();
        second = close("2026-02", market.world.clock.instant());
        fund("0.50", "wire-2");
        market.metering().catchUp();
    }

    private void fund(String amount, String reference) {
        market.settlement()
                .fundEscrow(ContractFixture.OPERATOR, contract, Money.parse(Currency.of("USD"), amount), reference)
                .orThrow();
    }

    private Close close(String id, Instant from) {
        market.world.clock.advance(Duration.ofMinutes(10));
        return market.settlement()
                .close(new Period(id, from, market.world.clock.instant()))
                .orThrow();
    }

    Path log() {
        return dir.resolve("log");
    }

    Path blobs() {
        return dir.resolve("blobs");
    }

    static DidKey platform() {
        return new DidKey(Market.noteSigner().key().publicKey());
    }

    private List<Projection> projections() {
        return List.of(
                Parties.projection(),
                Catalog.projection(),
                Ingest.projection(),
                Contracts.projection(),
                Deliveries.projection(),
                Settlement.projection(market.ledger, ContractFixture.ORIGIN));
    }

    /** Everything checked; what differs, by area. */
    Map<String, List<String>> fsck() {
        Fsck fsck = new Fsck(
                market.world.log,
                market.world.blobs,
                market.world.database,
                market.ledger,
                market.metering(),
                market.settlement(),
                projections(),
                platform(),
                ContractFixture.VERIFIER);
        Map<String, List<String>> found = new TreeMap<>();
        for (Finding finding : fsck.run(area -> {})) {
            if (!finding.differences().isEmpty()) {
                found.put(finding.area(), finding.differences());
            }
        }
        return found;
    }

    Explain explain() {
        return new Explain(
                market.world.database,
                market.world.catalog,
                market.world.contracts,
                market.delivery,
                market.metering(),
                market.ledger,
                market.settlement());
    }

    /** The files of all statements, in order. */
    List<byte[]> files() {
        List<byte[]> files = new ArrayList<>();
        for (Close close : List.of(first, second)) {
            for (String id : close.statements()) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                market.settlement().export(id, out).orThrow();
                files.add(out.toByteArray());
            }
        }
        return files;
    }

    void sql(String statements) {
        market.world.database.write(tx -> {
            for (String statement : statements.split(";\\s*")) {
                tx.execute(statement);
            }
            return true;
        });
    }

    String value(String query) {
        return market.world.database.read(
                tx -> tx.select(query).mapTo(String.class).one());
    }

    @Override
    public void close() {
        market.close();
    }
}
