package org.tallystick.drafting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.tallystick.protocol.codec.Fields;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.codec.Vectors;
import org.tallystick.protocol.statement.Changed;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractDraft;
import org.tallystick.protocol.terms.ContractText;
import org.tallystick.protocol.terms.Finding;
import org.tallystick.protocol.terms.FullContract;
import org.tallystick.protocol.terms.RandomContracts;

/** The paper: made of terms alone, the same everywhere, its hash inside what is signed. */
class PrintedContractTest {
    private static final ContractDocument FULL = ContractDocument.parse(FullContract.json());

    /** Pins every word of the clause library; a change needs a new version of it, the old one kept. */
    @Test
    void theWordsAreThoseOfTheirVersion() {
        List<Json> cases = new ArrayList<>();
        cases.add(vector(FULL.json()));
        for (int seed = 1; seed <= 40; seed++) {
            cases.add(vector(RandomContracts.draft(new SplittableRandom(seed)).json()));
        }
        Vectors.matches(
                "contract-text.json",
                "Contracts and the SHA-256 of the words clause library " + Clauses.LIBRARY
                        + " makes of them; the first with its Markdown",
                cases);
    }

    private static Json.Obj vector(Json.Obj contract) {
        PrintedContract printed = PrintedContract.of(ContractDocument.parse(contract));
        ContractText text = printed.text();
        Json.Builder out = Json.object()
                .put("contract", contract)
                .put("library", text.library())
                .put("markdown_sha256", text.markdown().hex())
                .put("html_sha256", text.html().hex());
        if (contract.equals(FULL.json())) {
            out.put("markdown", printed.markdown());
        }
        return out.build();
    }

    /** Those of the first release too: the words of a library version never change. */
    @ParameterizedTest
    @ValueSource(strings = {"contract-text.json", "released-0.1.0/contract-text.json"})
    void theVectorsAreReadAsTheySay(String file) {
        for (Fields vector : Vectors.cases(file)) {
            ContractText text = PrintedContract.of(
                            ContractDocument.parse(vector.fields("contract").object()))
                    .text();
            assertThat(text.markdown().hex()).isEqualTo(vector.text("markdown_sha256"));
            assertThat(text.html().hex()).isEqualTo(vector.text("html_sha256"));
        }
    }

    @Test
    void everySentenceStandsInBothForms() {
        PrintedContract printed = PrintedContract.of(FULL);
        for (Clause clause : Clauses.of(FULL.terms())) {
            clause.sentences().forEach(sentence -> {
                assertThat(printed.html()).contains(HtmlPrinter.escaped(sentence));
                assertThat(printed.markdown().replace("\\", "")).contains(sentence);
            });
            clause.duties()
                    .forEach(duty ->
                            assertThat(printed.markdown().replace("\\", "")).contains(duty.sentence()));
        }
        assertThat(printed.markdown())
                .contains(PrintedContract.terms(FULL).hex())
                .endsWith("\n");
        assertThat(printed.html()).startsWith("<!DOCTYPE html>").doesNotContain("<script", "http://", "src=");
    }

    @Test
    void whatAPartyWroteIsTextAndNeverMarkup() {
        ContractDocument nasty = ContractDocument.parse(Changed.at(
                FullContract.json(),
                "terms.attribution.line",
                "\"<script>alert('x')</script> **bold** [a](b) `c` & <img src=x> \\\\ # 1. x\""));
        PrintedContract printed = PrintedContract.of(nasty);
        assertThat(printed.html())
                .doesNotContain("<script>", "<img")
                .contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
        assertThat(printed.markdown())
                .contains("\\<script\\>", "\\*\\*bold\\*\\*", "\\[a\\](b)", "\\`c\\`", "\\<img src\\=x\\>");
    }

    @Test
    void theHashInsideIsOfTheseWords() {
        ContractDocument sealed = PrintedContract.sealed(ContractDraft.of(FULL)).document();
        assertThat(sealed.text()).isPresent();
        assertThat(PrintedContract.findings(sealed)).isEmpty();
        assertThat(PrintedContract.findings(FULL)).isEmpty();
        assertThat(PrintedContract.of(sealed).text()).isEqualTo(sealed.text().orElseThrow());
        assertThat(reasons(Changed.at(sealed.json(), "platformFeeShare", "0.06")))
                .containsExactly("contract/text-mismatch", "contract/text-mismatch");
        assertThat(reasons(Changed.at(sealed.json(), "text.library", "\"others-9\"")))
                .containsExactly("contract/text-library");
        String zeros = "\"" + "0".repeat(64) + "\"";
        assertThat(reasons(Changed.at(sealed.json(), "text.html", zeros))).containsExactly("contract/text-mismatch");
        assertThat(reasons(Changed.at(sealed.json(), "contractId", "\"cnf-other\"")))
                .hasSize(2);
    }

    @Test
    void noChangeOfSealedTermsGoesUnseen() {
        Seeds.check(300, random -> {
            ContractDocument sealed =
                    PrintedContract.sealed(RandomContracts.draft(random)).document();
            assertThat(PrintedContract.findings(sealed)).isEmpty();
            ContractDraft other = RandomContracts.draft(random);
            ContractDocument swapped = new ContractDraft(
                            sealed.id(),
                            sealed.dataset(),
                            sealed.buyer(),
                            sealed.curator(),
                            sealed.datasetVersion(),
                            other.terms(),
                            sealed.replaces(),
                            sealed.text())
                    .document();
            assertThat(PrintedContract.findings(swapped).isEmpty())
                    .isEqualTo(swapped.terms().equals(sealed.terms()));
        });
    }

    private static List<String> reasons(Json.Obj document) {
        return PrintedContract.findings(ContractDocument.parse(document)).stream()
                .map(Finding::reason)
                .toList();
    }
}
