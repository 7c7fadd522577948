package org.tallystick.cli.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.tallystick.cli.content.Work;
import org.tallystick.cli.demo.Fetch.How;

/**
 * The fetches of one job, as a data loader makes them: in shuffled order, some works again, some in parts, some
 * interrupted. The same works and seed give the same plan on every machine. Repeated fetches of a work do not change
 * the price.
 *
 * @param works the distinct works the job uses
 * @param fetches in the order they are made
 */
record TrainingPlan(List<Work> works, List<Fetch> fetches) {
    private static final int HEAD_EVERY = 64;

    TrainingPlan {
        works = List.copyOf(works);
        fetches = List.copyOf(fetches);
    }

    /** Every work at least twice: once whole, then again in one of four ways. */
    static TrainingPlan thorough(List<Work> works, long seed) {
        List<Fetch> first = new ArrayList<>();
        List<Fetch> again = new ArrayList<>();
        for (int i = 0; i < works.size(); i++) {
            Work work = works.get(i);
            if (i % HEAD_EVERY == 0) {
                first.add(new Fetch(work, How.HEAD));
            }
            if (i % 8 == 3) {
                first.add(new Fetch(work, How.BROKEN_OFF));
            }
            first.add(new Fetch(work, How.WHOLE));
            again.add(new Fetch(work, secondWay(i, work)));
        }
        Random random = new Random(seed);
        Collections.shuffle(again, random);
        return new TrainingPlan(works, joined(shuffledRuns(first, random), again));
    }

    /** Every work once, alternately whole and in its second half. */
    static TrainingPlan quick(List<Work> works, long seed) {
        List<Fetch> fetches = new ArrayList<>();
        for (int i = 0; i < works.size(); i++) {
            Work work = works.get(i);
            fetches.add(new Fetch(work, i % 2 == 1 && work.bytes() > 1 ? How.RANGE : How.WHOLE));
        }
        Collections.shuffle(fetches, new Random(seed));
        return new TrainingPlan(works, fetches);
    }

    /** Every n-th work, from the first. */
    static List<Work> everyNth(List<Work> works, int n) {
        return IntStream.range(0, works.size())
                .filter(i -> i % n == 0)
                .mapToObj(works::get)
                .toList();
    }

    private static How secondWay(int index, Work work) {
        boolean divisible = work.bytes() > 1;
        return switch (index % 3) {
            case 0 -> divisible ? How.RANGE : How.WHOLE;
            case 1 -> How.REVALIDATE;
            default -> How.WHOLE;
        };
    }

    /** Shuffles while keeping the fetches of one work in their order. */
    private static List<Fetch> shuffledRuns(List<Fetch> fetches, Random random) {
        List<List<Fetch>> runs = new ArrayList<>();
        for (Fetch fetch : fetches) {
            if (runs.isEmpty() || !runs.getLast().getLast().work().equals(fetch.work())) {
                runs.add(new ArrayList<>());
            }
            runs.getLast().add(fetch);
        }
        Collections.shuffle(runs, random);
        return runs.stream().flatMap(List::stream).toList();
    }

    private static List<Fetch> joined(List<Fetch> first, List<Fetch> second) {
        List<Fetch> all = new ArrayList<>(first);
        all.addAll(second);
        return all;
    }
}
