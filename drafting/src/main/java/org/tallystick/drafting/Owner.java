package org.tallystick.drafting;

/** Who has to keep a duty. */
public enum Owner {
    BUYER("the buyer"),
    CURATOR("the curator"),
    CREATORS("the creators"),
    PLATFORM("the platform"),
    EITHER("either side");

    private final String words;

    Owner(String words) {
        this.words = words;
    }

    /** As it stands in a sentence. */
    public String words() {
        return words;
    }
}
