package org.tallystick.platform.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Outcomes, problems, ids and pages. */
class OutcomeTest {
    private static final Problem NO = Problem.conflict("thing/taken", "Thing taken", "it is taken");

    @Test
    void mappingKeepsWhatKindOfAnswerItWas() {
        assertThat(Outcome.accepted(1).map(n -> n + 1)).isEqualTo(Outcome.accepted(2));
        assertThat(Outcome.repeated(1).map(n -> n + 1)).isEqualTo(Outcome.repeated(2));
        assertThat(Outcome.<Integer>refused(NO).map(n -> n + 1)).isEqualTo(Outcome.refused(NO));
    }

    @Test
    void chainingStopsAtTheFirstRefusal() {
        assertThat(Outcome.accepted(1).flatMap(n -> Outcome.repeated(n + 1))).isEqualTo(Outcome.repeated(2));
        assertThat(Outcome.accepted(1).flatMap(n -> Outcome.refused(NO))).isEqualTo(Outcome.refused(NO));
        assertThat(Outcome.<Integer>refused(NO).<Integer>flatMap(n -> {
                    throw new AssertionError("a refused step must not go on");
                }))
                .isEqualTo(Outcome.refused(NO));
    }

    @Test
    void tellsAcceptedFromRefused() {
        assertThat(Outcome.accepted(1).isAccepted()).isTrue();
        assertThat(Outcome.accepted(1).refusal()).isEmpty();
        assertThat(Outcome.refused(NO).isAccepted()).isFalse();
        assertThat(Outcome.refused(NO).refusal()).contains(NO);
        assertThat(Outcome.repeated("x").orThrow()).isEqualTo("x");
        assertThatThrownBy(() -> Outcome.refused(NO).orThrow())
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.problem()).isEqualTo(NO))
                .hasMessage("thing/taken: it is taken");
    }

    @Test
    void aDecodersRefusalBecomesAnOutcomeAndABugDoesNot() {
        assertThat(Outcome.catching(() -> 1)).isEqualTo(Outcome.accepted(1));
        assertThat(Outcome.catching(() -> {
                    throw NO.asException();
                }))
                .isEqualTo(Outcome.refused(NO));
        assertThatThrownBy(() -> Outcome.catching(() -> {
                    throw new IllegalStateException("bug");
                }))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aProblemIsAValueNoOneCanChange() {
        Map<String, String> extras = new HashMap<>(Map.of("b", "2", "a", "1"));
        Problem problem = new Problem(Category.INVALID, "x/y-z", "X", "detail", extras);
        extras.put("c", "3");
        assertThat(problem.extras()).containsExactly(Map.entry("a", "1"), Map.entry("b", "2"));
        assertThatThrownBy(() -> problem.extras().put("c", "3")).isInstanceOf(UnsupportedOperationException.class);
        assertThat(problem.with("a", 7).extras()).containsEntry("a", "7").containsEntry("b", "2");
        assertThat(problem.extras()).containsEntry("a", "1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "X", "a b", "a//b", "/a", "a/", "a_b", "-a", "a-", "https://x"})
    void aProblemTypeIsASlug(String type) {
        assertThatThrownBy(() -> Problem.invalid(type, "t", "d")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyCategoryHasItsFactory() {
        assertThat(List.of(
                        Problem.invalid("a", "t", "d"),
                        Problem.unauthenticated("a", "t", "d"),
                        Problem.forbidden("a", "t", "d"),
                        Problem.notFound("a", "t", "d"),
                        Problem.conflict("a", "t", "d"),
                        Problem.tooLarge("a", "t", "d"),
                        Problem.unavailable("a", "t", "d")))
                .extracting(Problem::category)
                .containsExactly(Category.values());
        assertThatThrownBy(() -> Problem.invalid("a", " ", "d")).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "0", "alice", "A:b.c_d-e", "did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK"})
    void idsTakeWhatIsSafeEverywhere(String text) {
        assertThat(new PartyId(text)).hasToString(text).isEqualByComparingTo(new PartyId(text));
        assertThat(new ContractId(text)).hasToString(text).isEqualByComparingTo(new ContractId(text));
        assertThat(new DatasetId(text)).hasToString(text).isEqualByComparingTo(new DatasetId(text));
        assertThat(new JobId(text)).hasToString(text).isEqualByComparingTo(new JobId(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".a", "-a", ":a", "a b", "a/b", "a\n", "a\0", "é", "a%", "..", "\u202ea"})
    void idsRefuseTheRestAndSayWhichKind(String text) {
        assertThatThrownBy(() -> new PartyId(text)).hasMessageStartingWith("party/malformed-id: ");
        assertThatThrownBy(() -> new ContractId(text)).hasMessageStartingWith("contract/malformed-id: ");
        assertThatThrownBy(() -> new DatasetId(text)).hasMessageStartingWith("dataset/malformed-id: ");
        assertThatThrownBy(() -> new JobId(text)).hasMessageStartingWith("job/malformed-id: ");
    }

    @Test
    void idsHaveAtMost64Characters() {
        assertThat(new JobId("x".repeat(64)).value()).hasSize(64);
        assertThatThrownBy(() -> new JobId("x".repeat(65))).isInstanceOf(RefusedException.class);
        assertThatThrownBy(() -> new JobId("x".repeat(1_000_000)))
                .satisfies(e -> assertThat(e.toString().length()).isLessThan(250));
    }

    @Test
    void aPageIsCopiedAndMapped() {
        Page<Integer> page = new Page<>(List.of(1, 2), Optional.of("2"));
        assertThat(page.map(Object::toString)).isEqualTo(new Page<>(List.of("1", "2"), Optional.of("2")));
        assertThat(Page.last(List.of(1)).next()).isEmpty();
    }
}
