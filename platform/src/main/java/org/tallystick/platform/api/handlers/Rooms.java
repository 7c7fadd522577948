package org.tallystick.platform.api.handlers;

import java.time.InstantSource;
import org.tallystick.platform.audit.Explain;
import org.tallystick.platform.catalog.Catalog;
import org.tallystick.platform.contract.Contracts;
import org.tallystick.platform.contract.Negotiations;
import org.tallystick.platform.db.Database;
import org.tallystick.platform.delivery.Deliveries;
import org.tallystick.platform.gate.TrainingGate;
import org.tallystick.platform.ingest.Ingest;
import org.tallystick.platform.ledger.Ledger;
import org.tallystick.platform.log.BlobStore;
import org.tallystick.platform.log.Sequencer;
import org.tallystick.platform.log.TransparencyLog;
import org.tallystick.platform.metering.Metering;
import org.tallystick.platform.party.Parties;
import org.tallystick.platform.payout.Payouts;
import org.tallystick.platform.settlement.Settlement;
import org.tallystick.protocol.sign.DidKey;

/**
 * The façades the API speaks to.
 *
 * @param platform the platform's public key
 * @param version of the software, for {@code /healthz}
 */
public record Rooms(
        InstantSource clock,
        Database database,
        TransparencyLog log,
        BlobStore blobs,
        Sequencer sequencer,
        Parties parties,
        Catalog catalog,
        Ingest ingest,
        Contracts contracts,
        Negotiations negotiations,
        Deliveries delivery,
        Metering metering,
        Ledger ledger,
        Settlement settlement,
        Payouts payouts,
        TrainingGate gate,
        Explain explain,
        DidKey platform,
        String version) {}
