package org.tallystick.protocol.codec;

import java.net.BindException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why something failed, in words a person can act on. Java's own messages often hold a path and no reason, or nothing at all;
 * the reason then stands in the exception's type or in its cause.
 */
public final class Reasons {
    private static final int MAX_DEPTH = 8;

    private Reasons() {}

    /** The reason, with that of its cause where it says more. */
    public static String of(Throwable failure) {
        return of(failure, 0);
    }

    private static String of(Throwable failure, int depth) {
        Optional<String> plain = plain(failure);
        if (plain.isPresent()) {
            return plain.get();
        }
        Throwable cause = failure.getCause();
        String own = words(failure.getMessage());
        if (cause == null || depth == MAX_DEPTH) {
            return own.isEmpty() ? failure.getClass().getSimpleName() : own;
        }
        String deeper = of(cause, depth + 1);
        boolean copied = own.isEmpty() || own.equals(cause.toString()) || own.contains(deeper);
        return own.isEmpty() || own.equals(cause.toString()) ? deeper : copied ? own : own + ": " + deeper;
    }

    /** Whether the cause of it all is that the operating system did not permit something. */
    public static boolean isNoPermission(Throwable failure) {
        int depth = 0;
        for (Optional<Throwable> at = Optional.of(failure);
                at.isPresent() && depth < MAX_DEPTH;
                at = Optional.ofNullable(at.get().getCause())) {
            if (at.get() instanceof AccessDeniedException) {
                return true;
            }
            depth++;
        }
        return false;
    }

    private static Optional<String> plain(Throwable failure) {
        return Optional.ofNullable(
                switch (failure) {
                    case AccessDeniedException e -> "no permission for " + file(e);
                    case NoSuchFileException e -> "there is no " + file(e);
                    case NotDirectoryException e -> file(e) + " is a file, not a folder";
                    case FileAlreadyExistsException e -> file(e) + " is there already, and is no folder";
                    case DirectoryNotEmptyException e -> file(e) + " is not empty";
                    case FileSystemException e when e.getReason() != null -> file(e) + ": " + e.getReason();
                    case FileSystemException e ->
                        file(e) + " cannot be used (" + e.getClass().getSimpleName() + ")";
                    case BindException e -> ("the address cannot be listened on " + in(e.getMessage())).strip();
                    case ConnectException ignored -> "nothing answers there";
                    case UnknownHostException e -> ("there is no such host " + in(e.getMessage())).strip();
                    case UnresolvedAddressException ignored -> "there is no such host";
                    case HttpTimeoutException ignored -> "no answer came in time";
                    default -> null;
                });
    }

    /** Java's own message; empty where it has none, also where another layer has written that down as a word. */
    private static String words(@Nullable String message) {
        return message == null || message.equals("null") ? "" : message.strip();
    }

    private static String in(@Nullable String message) {
        return words(message).isEmpty() ? "" : "(" + words(message) + ")";
    }

    private static String file(FileSystemException failure) {
        return words(failure.getFile()).isEmpty() ? "a file" : failure.getFile();
    }
}
