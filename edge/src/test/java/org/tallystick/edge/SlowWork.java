package org.tallystick.edge;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.tallystick.protocol.receipt.ChunkList;

/** A work that the platform sends slowly: a MiB for each permit. The bytes need not be the work's. */
@SuppressWarnings("ArrayRecordComponent") // of tests only, never written
record SlowWork(byte[] bytes, Semaphore permits) {
    void send(HttpExchange exchange) throws IOException, InterruptedException {
        exchange.sendResponseHeaders(200, bytes.length);
        for (int at = 0; at < bytes.length; at += ChunkList.CHUNK) {
            if (!permits.tryAcquire(20, TimeUnit.SECONDS)) {
                return;
            }
            exchange.getResponseBody().write(bytes, at, Math.min(ChunkList.CHUNK, bytes.length - at));
            exchange.getResponseBody().flush();
        }
    }
}
