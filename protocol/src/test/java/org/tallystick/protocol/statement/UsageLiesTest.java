package org.tallystick.protocol.statement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.tallystick.protocol.codec.Hash;
import org.tallystick.protocol.usage.CommittedUsage;
import org.tallystick.protocol.usage.ContractOpening;
import org.tallystick.protocol.usage.SetOpening;
import org.tallystick.protocol.usage.UsedCount;

/** A platform that lies about what its closes commit to of uses and sums: nothing of it verifies. */
class UsageLiesTest extends AnchoredFixture {
    /** Changes what a file shows of its own close. */
    private UnaryOperator<List<OpenedUsage>> lie = UnaryOperator.identity();

    private boolean secondJob;

    @Override
    List<OpenedUsage> openings(Statement statement, List<Issued> issued) {
        return lie.apply(super.openings(statement, issued));
    }

    @Override
    List<CommittedUsage.UsedSet> sets(Statement issued) {
        return secondJob ? List.of(set("job-1", used), set("job-2", List.of(1, 5))) : super.sets(issued);
    }

    private void first(String reason) {
        log.set(FIRST_CLOSE, close(first(), 8));
        assertReason(() -> VERIFIER.verify(firstFile()), reason);
    }

    private void shown(String reason, UnaryOperator<OpenedUsage> change) {
        lie = openings -> openings.stream().map(change).toList();
        first(reason);
        lie = UnaryOperator.identity();
    }

    @Test
    void aUseCannotBeLeftOutOfTheReceipts() {
        assertReason(
                () -> VERIFIER.verify(file(
                        statement("creator-1", 8, List.of(line(Statement.Basis.CREATOR, 3, "0.005", "0.8")), 12_000),
                        firstPlace(3, 12_000),
                        FIRST_CLOSE,
                        0,
                        1,
                        2)),
                "usage/uses");
    }

    private List<Issued> firstPlace(long uses, long posted) {
        Statement statement =
                statement("creator-1", 8, List.of(line(Statement.Basis.CREATOR, uses, "0.005", "0.8")), posted);
        log.set(FIRST_CLOSE, close(statement, 8));
        return List.of(issued(FIRST_CLOSE, statement, false));
    }

    @Test
    void aBitDroppedOrAddedIsNotWhatTheReceiptsShow() {
        used = List.of(0, 1, 2, 4, 5, 6);
        first("usage/uses");
        used = List.of(1, 2, 3);
        first("usage/uses");
        used = List.of();
        first("usage/uses");
    }

    @Test
    void whatOthersUsedIsNoneOfHerMatter() {
        used = List.of(0, 1, 2, 3, 5);
        log.set(FIRST_CLOSE, close(first(), 8));
        assertThat(VERIFIER.verify(firstFile()).receipts()).isEqualTo(5);
    }

    @Test
    void aSetLeftOutIsNotTheContractsNode() {
        secondJob = true;
        first("usage/uses");
        shown(
                "usage/close",
                opened -> with(opened, List.of(opened.opening().sets().getFirst())));
    }

    @Test
    void aSetThatNoCloseKnowsIsNotPaid() {
        secondJob = true;
        used = List.of(0, 1, 2, 3);
        lie = openings -> openings.stream()
                .map(opened -> with(opened, List.of(opened.opening().sets().getLast())))
                .toList();
        log.set(FIRST_CLOSE, close(first(), 8));
        assertReason(() -> VERIFIER.verify(firstFile()), "usage/close");
    }

    @Test
    void aContractThatIsNotOpenedIsRefused() {
        lie = openings -> List.of();
        first("usage/missing");
        lie = openings -> List.of(openings.getFirst(), openings.getFirst());
        first("usage/surplus");
        lie = openings -> List.of(openings.getFirst());
        assertReason(() -> VERIFIER.verify(secondFile(second())), "usage/missing");
    }

    @Test
    void theAmountOfAnotherIsRefused() {
        Statement issued = first();
        ContractOpening others = usage(issued).open(0, false, 1);
        shown("usage/amount", opened -> with(opened, others));
        shown("usage/amount", opened -> with(opened, opened.opening().withoutAmount()));
    }

    @Test
    void blocksOfAnotherSetOrCloseAreRefused() {
        secondJob = true;
        shown("usage/close", opened -> {
            SetOpening one = opened.opening().sets().getFirst();
            SetOpening other = opened.opening().sets().getLast();
            return with(opened, List.of(with(one, other), other));
        });
        secondJob = false;
        shown(
                "usage/close",
                opened -> new OpenedUsage(
                        opened.close(),
                        opened.index(),
                        opened.path(),
                        usage(second()).open(0, false, 0)));
        shown(
                "usage/missing",
                opened -> new OpenedUsage(SECOND_CLOSE, opened.index(), opened.path(), opened.opening()));
        shown("usage/close", opened -> new OpenedUsage(opened.close(), 1, opened.path(), opened.opening()));
    }

    @Test
    void theWorksOfAnotherPlaceAreRefused() {
        Statement issued = first();
        ContractOpening ofCreator2 = usage(issued).open(1, false, 0);
        shown("usage/place", opened -> with(opened, ofCreator2));
        shown("usage/place", opened -> with(opened, usage(issued).open(-1, false, 0)));
        shown("usage/place", opened -> with(opened, usage(issued).open(0, true, 0)));
    }

    @Test
    void whereHerWorksBeginAndEndIsShown() {
        for (List<Integer> hidden : List.of(List.of(4), List.of(3), List.of(0))) {
            List<Integer> shown = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6));
            shown.removeAll(hidden);
            shownMembers = shown;
            assertReason(() -> VERIFIER.verify(secondFile(second())), "evidence/own-works");
        }
        shownMembers = List.of(0, 3, 4, 5, 6);
        assertThat(VERIFIER.verify(secondFile(second())).statement()).isEqualTo(second());
    }

    @Test
    void nothingComesOrGoesBetweenClosesWithoutAReceipt() {
        Statement statement = second();
        log.set(FIRST_CLOSE, close(first(), 8));
        List<Issued> places = List.of(issued(SECOND_CLOSE, statement, false), issued(FIRST_CLOSE, first(), true));
        OpenedUsage earlier = opened(FIRST_CLOSE, first());
        used = List.of(0, 1, 2, 4, 5, 6);
        log.set(SECOND_CLOSE, close(statement, 10));
        OpenedUsage now = opened(SECOND_CLOSE, statement);
        List<Issued> own = List.of(issued(SECOND_CLOSE, statement, false), places.getLast());
        lie = openings -> List.of(now, earlier);
        assertReason(() -> VERIFIER.verify(file(statement, own, SECOND_CLOSE)), "usage/uses");
    }

    /** The curator has a fifth of every use, whoever made the work, and is shown how many there are. */
    private byte[] curatorsFile(long uses, long posted, UnaryOperator<OpenedUsage> change) {
        Statement statement =
                statement("curator-11", 8, List.of(line(Statement.Basis.RECIPIENT, uses, "0.005", "0.2")), posted);
        log.set(FIRST_CLOSE, close(statement, 8));
        OpenedUsage opened = opened(FIRST_CLOSE, statement);
        lie = openings -> List.of(change.apply(with(opened, usage(statement).open(-1, true, 0))));
        return file(statement, List.of(issued(FIRST_CLOSE, statement, false)), FIRST_CLOSE, 0, 1, 2, 3, 4, 5, 6);
    }

    @Test
    void whoIsPaidOnAllWorksIsShownHowManyThereAre() {
        UnaryOperator<OpenedUsage> honest = UnaryOperator.identity();
        assertThat(VERIFIER.verify(curatorsFile(7, 7_000, honest)).receipts()).isEqualTo(7);
        used = List.of(0, 1, 2, 3, 4, 5);
        assertReason(() -> VERIFIER.verify(curatorsFile(7, 7_000, honest)), "usage/uses");
        used = List.of(0, 1, 2, 3, 4, 5, 6);
        assertReason(
                () -> VERIFIER.verify(curatorsFile(7, 7_000, opened -> {
                    SetOpening set = opened.opening().sets().getFirst();
                    UsedCount more = new UsedCount(8, set.used().orElseThrow().salt());
                    return with(
                            opened,
                            List.of(new SetOpening(
                                    set.set(),
                                    set.usage(),
                                    set.creator(),
                                    set.usedHash(),
                                    Optional.of(more),
                                    set.salt())));
                })),
                "usage/close");
    }

    private static OpenedUsage with(OpenedUsage opened, ContractOpening other) {
        return new OpenedUsage(opened.close(), opened.index(), opened.path(), other);
    }

    private static OpenedUsage with(OpenedUsage opened, List<SetOpening> sets) {
        ContractOpening of = opened.opening();
        return with(
                opened,
                new ContractOpening(
                        of.contract(),
                        of.creators(),
                        of.works(),
                        sets,
                        of.payees(),
                        of.amount(),
                        of.amounts(),
                        of.invoice(),
                        of.salt()));
    }

    /** A set that shows the blocks of another. */
    private static SetOpening with(SetOpening one, SetOpening other) {
        Optional<Hash> none = Optional.empty();
        return new SetOpening(one.set(), none, other.creator(), one.usedHash(), one.used(), one.salt());
    }
}
