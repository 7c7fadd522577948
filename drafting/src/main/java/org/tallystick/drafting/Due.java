package org.tallystick.drafting;

import java.time.Period;
import java.util.Objects;

/** When a duty is due: on days that follow from the contract's acceptance and end, or after an event. */
public sealed interface Due {
    /** A period after the contract's acceptance. */
    record AfterStart(Period after) implements Due {
        public AfterStart {
            Objects.requireNonNull(after);
        }
    }

    /** A period after the contract's end. */
    record AfterEnd(Period after) implements Due {
        public AfterEnd {
            Objects.requireNonNull(after);
        }
    }

    /** A period before the contract's end. */
    record BeforeEnd(Period before) implements Due {
        public BeforeEnd {
            Objects.requireNonNull(before);
        }
    }

    /**
     * Again and again from acceptance on.
     *
     * @param inAdvance whether at the beginning of each period, or so long after its end
     */
    record Every(Period every, Period within, boolean inAdvance) implements Due {
        public Every {
            Objects.requireNonNull(every);
            Objects.requireNonNull(within);
        }
    }

    /**
     * A period after an event whose day is not known in advance.
     *
     * @param event as it stands after "after"
     * @param within the period
     */
    record Upon(String event, Period within) implements Due {
        public Upon {
            Objects.requireNonNull(event);
            Objects.requireNonNull(within);
        }
    }

    /** In words, as they stand after a comma. */
    default String words() {
        return switch (this) {
            case AfterStart start ->
                start.after().isZero()
                        ? "when the contract comes into force"
                        : "within " + English.period(start.after()) + " of the contract coming into force";
            case AfterEnd end -> "within " + English.period(end.after()) + " of the end of the contract";
            case BeforeEnd end -> English.period(end.before()) + " before the end of the contract at the latest";
            case Every every ->
                every.inAdvance()
                        ? "at the beginning of every period of " + English.period(every.every())
                        : "within " + English.period(every.within()) + " of the end of every period of "
                                + English.period(every.every());
            case Upon upon ->
                upon.within().isZero()
                        ? "upon " + upon.event()
                        : "within " + English.period(upon.within()) + " of " + upon.event();
        };
    }
}
