package org.tallystick.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tallystick.cli.content.Work;
import org.tallystick.cli.content.WorkFile;
import org.tallystick.cli.demo.Fetch.How;
import org.tallystick.protocol.receipt.ContentId;

/** Whatever the works, each is fetched as often and in as many ways as the demo promises. */
final class TrainingPlanTest {
    private static final Set<How> USES = EnumSet.of(How.WHOLE, How.RANGE, How.REVALIDATE);

    private static List<Work> works(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Work(
                        "creator:a",
                        ContentId.of(new byte[] {(byte) i, (byte) (i >> 8)}),
                        i % 5,
                        new WorkFile("a", "a/" + i, "", InputStream::nullInputStream)))
                .toList();
    }

    @Test
    void theThoroughPlanUsesEveryWorkAtLeastTwiceInAllWays() {
        List<Work> works = works(500);
        TrainingPlan plan = TrainingPlan.thorough(works, 7);
        Map<Work, Long> uses = plan.fetches().stream()
                .filter(fetch -> USES.contains(fetch.how()))
                .collect(Collectors.groupingBy(Fetch::work, Collectors.counting()));
        assertThat(uses)
                .hasSize(500)
                .allSatisfy((work, count) -> assertThat(count).isEqualTo(2));
        assertThat(plan.fetches().stream().map(Fetch::how).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(How.values());
    }

    @Test
    void aWorkIsRevalidatedOnlyAfterItWasFetchedAndRetriedAfterItBrokeOff() {
        Set<Work> whole = new HashSet<>();
        Set<Work> broken = new HashSet<>();
        for (Fetch fetch : TrainingPlan.thorough(works(300), 3).fetches()) {
            switch (fetch.how()) {
                case WHOLE -> whole.add(fetch.work());
                case REVALIDATE -> assertThat(whole).contains(fetch.work());
                case BROKEN_OFF -> broken.add(fetch.work());
                default -> {}
            }
        }
        assertThat(broken).isNotEmpty();
        assertThat(whole).containsAll(broken);
    }

    @Test
    void rangesAreAskedOnlyOfWorksThatHaveHalves() {
        for (TrainingPlan plan : List.of(TrainingPlan.thorough(works(300), 1), TrainingPlan.quick(works(300), 1))) {
            assertThat(plan.fetches())
                    .filteredOn(fetch -> fetch.how() == How.RANGE)
                    .isNotEmpty()
                    .allMatch(fetch -> fetch.work().bytes() > 1);
        }
    }

    @Test
    void theQuickPlanUsesEveryWorkOnceAndEveryNthIsEveryNth() {
        List<Work> works = works(10);
        assertThat(TrainingPlan.quick(works, 9).fetches())
                .extracting(Fetch::work)
                .containsExactlyInAnyOrderElementsOf(works);
        assertThat(TrainingPlan.everyNth(works, 3))
                .containsExactly(works.get(0), works.get(3), works.get(6), works.get(9));
    }

    @Test
    void theSameSeedGivesTheSamePlanAndOneWorkIsEnough() {
        assertThat(TrainingPlan.thorough(works(40), 5)).isEqualTo(TrainingPlan.thorough(works(40), 5));
        assertThat(TrainingPlan.thorough(works(1), 5).fetches())
                .extracting(Fetch::how)
                .containsExactly(How.HEAD, How.WHOLE, How.WHOLE);
    }
}
