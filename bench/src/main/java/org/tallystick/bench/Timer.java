package org.tallystick.bench;

/** Measures how many operations a second some work does. */
final class Timer {
    private Timer() {}

    /** What is measured. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** Operations a second, from the number of operations and the time the work took. */
    static double perSecond(long things, Work work) throws Exception {
        long begun = System.nanoTime();
        work.run();
        return things * 1e9 / (System.nanoTime() - begun);
    }
}
