package org.tallystick.platform.api;

/** What an endpoint does. Refuses by throwing; knows nothing of HTTP but what {@link Call} and {@link Answer} say. */
@FunctionalInterface
interface Action {
    Answer run(Call call) throws Exception;
}
