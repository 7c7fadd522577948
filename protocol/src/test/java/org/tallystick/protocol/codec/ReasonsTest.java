package org.tallystick.protocol.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a person reads of a failure names a reason: neither nothing, nor {@code null}, nor a path alone. */
final class ReasonsTest {
    @Test
    void aReasonIsNeverAPathAloneNorNull() {
        assertThat(Reasons.of(new NoSuchFileException("key.pem"))).isEqualTo("there is no key.pem");
        assertThat(Reasons.of(new UncheckedIOException(new AccessDeniedException("x"))))
                .isEqualTo("no permission for x");
        assertThat(Reasons.of(new IOException("x cannot be read", new AccessDeniedException("x"))))
                .isEqualTo("x cannot be read: no permission for x");
        assertThat(Reasons.of(new ConnectException())).isEqualTo("nothing answers there");
        assertThat(Reasons.of(new ConnectException("null"))).isEqualTo("nothing answers there");
        assertThat(Reasons.of(new IOException())).isEqualTo("IOException");
        assertThat(Reasons.of(new IOException(new HttpTimeoutException("t")))).isEqualTo("no answer came in time");
    }

    @Test
    void noFailureOfJavaIsWrittenAsNull() {
        for (Throwable failure : List.of(
                new ClosedChannelException(),
                new FileSystemException("f"),
                new FileSystemException(null, null, null),
                new NoSuchFileException(null),
                new AccessDeniedException(null),
                new UnknownHostException(),
                new java.net.BindException(),
                new NullPointerException(),
                new IllegalStateException(new ClosedChannelException()),
                new IOException("null"))) {
            assertThat(Reasons.of(failure)).as(failure.toString()).isNotBlank().doesNotContain("null");
            assertThat(Reasons.of(failure)).as("no path alone").isNotEqualTo("f");
        }
    }
}
