package org.tallystick.drafting;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Json;
import org.tallystick.protocol.codec.Seeds;
import org.tallystick.protocol.statement.Changed;
import org.tallystick.protocol.terms.ContractDocument;
import org.tallystick.protocol.terms.ContractTerms;
import org.tallystick.protocol.terms.FullContract;
import org.tallystick.protocol.terms.RandomContracts;

/** What differs between two versions, in words and for programs. */
class ContractDiffTest {
    private static final ContractDocument FULL = ContractDocument.parse(FullContract.json());

    @Test
    void anotherSpellingIsNoDifference() {
        Json.Obj spelled = Changed.at(FullContract.json(), "license.duration", "\"P24M\"");
        spelled = Changed.at(spelled, "terms.exclusivity.places", "[\"FR\",\"DE\"]");
        assertThat(ContractDiff.between(FULL, ContractDocument.parse(spelled)).isEmpty())
                .isTrue();
        assertThat(ContractDiff.between(FULL, FULL).lines()).isEmpty();
    }

    @Test
    void aChangedClauseIsShownByTheSentencesThatWentAndCame() {
        ContractDiff diff = diff("terms.audit.perYear", "1");
        assertThat(diff.lines().getFirst()).isEqualTo("Audit [audit]");
        assertThat(diff.lines())
                .hasSize(3)
                .anyMatch(line -> line.startsWith("  - Curator and creators") && line.contains("twice a year"))
                .anyMatch(line -> line.startsWith("  + Curator and creators") && line.contains("once a year"));
        assertThat(diff.changes().getFirst().lever()).contains(Lever.AUDIT);
    }

    @Test
    void aClauseThatWentOrCameIsShownWhole() {
        ContractDiff gone = diff("terms.deletion", "-");
        assertThat(gone.lines()).hasSizeGreaterThan(4).allMatch(line -> !line.startsWith("  +"));
        ContractDocument without = ContractDocument.parse(Changed.at(FullContract.json(), "terms.deletion", "-"));
        assertThat(ContractDiff.between(without, FULL).lines()).allMatch(line -> !line.startsWith("  -"));
    }

    @Test
    void factsOfTheHeadDifferToo() {
        ContractDiff diff = diff("buyerId", "\"buyer-8\"");
        assertThat(diff.changes())
                .containsExactly(new ContractDiff.Change(
                        "buyerId", "buyerId", Optional.empty(), List.of("buyer-7"), List.of("buyer-8")));
        assertThat(diff.json().toString()).contains("\"same\":false", "\"before\":[\"buyer-7\"]");
    }

    @Test
    void itSeesExactlyTheTermsThatDiffer() {
        Seeds.check(300, random -> {
            ContractDocument one = RandomContracts.draft(random).document();
            ContractDocument other = RandomContracts.draft(random).document();
            Set<String> expected = new HashSet<>();
            for (var kind : ContractTerms.KINDS) {
                var was = one.terms().find(kind);
                var is = other.terms().find(kind);
                if (!was.equals(is)) {
                    expected.add(Clauses.of(is.isPresent() ? is.get() : was.orElseThrow())
                            .id());
                }
            }
            Set<String> seen = new HashSet<>();
            ContractDiff.between(one, other).changes().stream()
                    .filter(change -> change.lever().isPresent())
                    .forEach(change -> {
                        seen.add(change.what());
                        assertThat(change.before()).isNotEqualTo(change.after());
                    });
            assertThat(seen).isEqualTo(expected);
        });
    }

    @Test
    void everyLeverIsMovedBySomeTerm() {
        Set<Lever> moved = new HashSet<>();
        FULL.terms().all().forEach(term -> moved.add(Lever.of(term)));
        assertThat(moved).containsExactlyInAnyOrder(Lever.values());
    }

    private static ContractDiff diff(String path, String value) {
        return ContractDiff.between(FULL, ContractDocument.parse(Changed.at(FullContract.json(), path, value)));
    }
}
