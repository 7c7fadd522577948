package org.tallystick.platform.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tallystick.platform.kernel.ContractId;
import org.tallystick.platform.kernel.PartyId;
import org.tallystick.platform.party.NewParty;
import org.tallystick.platform.party.Principal;
import org.tallystick.platform.party.Role;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.terms.ContractDocument;

/** The signatures of N creators take N checks, and the thread that orders everything makes none of them. */
class ManyCreatorsSignTest {
    private static final int CREATORS = 40;

    @TempDir
    private Path dir;

    @Test
    void nSignaturesTakeNChecksAndNoneOnTheSequencersThread() {
        List<String> checkedBy = Collections.synchronizedList(new ArrayList<>());
        Verifier counting = (key, message, signature) -> {
            checkedBy.add(Thread.currentThread().getName());
            return ContractFixture.VERIFIER.verify(key, message, signature);
        };
        try (ContractFixture world = new ContractFixture(dir)) {
            List<Principal> creators = new ArrayList<>();
            for (int i = 0; i < CREATORS; i++) {
                Principal creator = new Principal(new PartyId("creator-n" + i), Role.CREATOR);
                DidKey key = new DidKey(ContractFixture.signer(creator).publicKey());
                world.parties
                        .register(new NewParty(creator.id(), Role.CREATOR, "Creator " + i, key))
                        .orThrow();
                creators.add(creator);
            }
            String root = world.publishOf("of-many", creators).root().hex();
            Negotiations negotiations =
                    new Negotiations(world.database, world.sequencer, world.parties, world.catalog, counting);
            Json.Obj terms = world.terms("cnf-many")
                    .with("datasetId", Json.of("of-many"))
                    .with("datasetVersion", Json.of(root));
            Negotiation negotiation = negotiations
                    .open(ContractFixture.BUYER, terms, "", Optional.empty())
                    .orThrow();
            List<Principal> signers = new ArrayList<>(creators);
            signers.addAll(List.of(ContractFixture.BUYER, ContractFixture.CURATOR));
            for (Principal signer : signers) {
                ContractDocument signed = negotiation
                        .current()
                        .document()
                        .sign(signer.id().value(), ContractFixture.signer(signer), world.clock.instant());
                Json.Obj signature = Fields.of(signed.json(), "contract")
                        .objects("signatures")
                        .getLast()
                        .object();
                negotiations.sign(signer, negotiation.id(), 1, signature).orThrow();
            }
            assertThat(world.contracts.find(new ContractId("cnf-many"))).isPresent();
            assertThat(checkedBy).as("each by itself, and all together once").hasSize(2 * signers.size());
            assertThat(checkedBy)
                    .doesNotContain("sequencer")
                    .allMatch(Thread.currentThread().getName()::equals);
        }
    }
}
