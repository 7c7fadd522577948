package org.tallystick.platform.api.dispatch;

/** What an endpoint does. Refuses by throwing; knows nothing of HTTP but what {@link Call} and {@link Answer} say. */
@FunctionalInterface
public interface Action {
    Answer run(Call call) throws Exception;
}
