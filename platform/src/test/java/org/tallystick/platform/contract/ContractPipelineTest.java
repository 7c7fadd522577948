package org.tallystick.platform.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.tallystick.drafting.PrintedContract;
import org.tallystick.platform.kernel.Ed25519;
import org.tallystick.protocol.codec.Jcs;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.sign.DidKey;
import org.tallystick.protocol.sign.Signer;
import org.tallystick.protocol.sign.Verifier;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractDraft;
import org.tallystick.protocol.terms.Finding;
import org.tallystick.protocol.terms.RandomContracts;

/** Ten thousand random contracts through canonicalise, sign, verify, print and parse: each comes out as it went in. */
final class ContractPipelineTest {
    private static final Signer SIGNER = ContractFixture.signer("anyone");
    private static final DidKey KEY = new DidKey(SIGNER.publicKey());
    private static final Verifier VERIFIER = Ed25519.verifier();

    @Test
    void everyContractComesOutAsItWentIn() {
        Seeds.check(10_000, ContractPipelineTest::through);
    }

    private static void through(SplittableRandom random) {
        ContractDraft draft = PrintedContract.sealed(RandomContracts.draft(random));
        ContractDocument unsigned = draft.document();
        ContractDocument signed = unsigned.sign("anyone", SIGNER, ContractFixture.START);
        byte[] canonical = Jcs.bytes(signed.json());
        ContractDocument parsed = ContractDocument.parse(canonical);
        boolean same = parsed.equals(signed)
                && java.util.Arrays.equals(Jcs.bytes(parsed.json()), canonical)
                && ContractDraft.of(parsed).equals(draft)
                && parsed.hash().equals(unsigned.hash());
        assertThat(same).isTrue();
        boolean authentic = parsed.verify(Set.of(), Map.of("anyone", KEY), VERIFIER).stream()
                .map(Finding::reason)
                .noneMatch(reason -> reason.startsWith("contract/signature-wrong") || reason.contains("malformed"));
        assertThat(authentic).isTrue();
        assertThat(PrintedContract.of(parsed).text()).isEqualTo(draft.text().orElseThrow());
        assertThat(PrintedContract.findings(parsed)).isEmpty();
    }
}
