package org.tallystick.bench;

/** Measures how many things a second something does. */
final class Timer {
    private Timer() {}

    /** What is measured. */
    @FunctionalInterface
    interface Work {
        void run() throws Exception;
    }

    /** Things a second. */
    static double perSecond(long things, Work work) throws Exception {
        long begun = System.nanoTime();
        work.run();
        return things * 1e9 / (System.nanoTime() - begun);
    }
}
